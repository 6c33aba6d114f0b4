// SPDX-License-Identifier: Apache-2.0
#include "common-console/message.hpp"
#include "tty_ui.hpp"

namespace {

constexpr offlineimap::Component components[] = {
    offlineimap::console::ui_component<offlineimap::ui_ttyui::TtyUi>(
        "ttyui", "lines and a progress bar for a person at a terminal"),
};

}  // namespace

OFFLINEIMAP_PLUGIN(ui_ttyui, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
