// SPDX-License-Identifier: Apache-2.0
#include "tk_ui.hpp"

namespace {

using offlineimap::OptionType;

constexpr offlineimap::Option options[] = {
    {"fontfamily", OptionType::text, "Helvetica", "the font of the window"},
    {"fontsize", OptionType::number, "8", "its size in points"},
    {"loglines", OptionType::number, "5", "lines of the log that are seen at once"},
    {"bufferlines", OptionType::number, "500", "lines of the log that are kept"},
};

constexpr offlineimap::Component components[] = {
    offlineimap::component<offlineimap::ui_tk::TkBlinkenlights>(
        "tk", "a small window with a light for each worker and a log", options),
    offlineimap::component<offlineimap::ui_tk::TkVerbose>(
        "tk-verbose", "a window with a section for each worker", options),
};

}  // namespace

OFFLINEIMAP_PLUGIN(ui_tk, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
