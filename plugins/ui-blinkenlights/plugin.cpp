// SPDX-License-Identifier: Apache-2.0
#include "blinkenlights.hpp"

namespace {

constexpr offlineimap::Option options[] = {
    {"statuschar", offlineimap::OptionType::text, "@", "the character of a light"},
};

constexpr offlineimap::Component components[] = {
    offlineimap::component<offlineimap::ui_blinkenlights::Blinkenlights>(
        "blinkenlights", "a light for each worker, the log and a countdown, in a terminal",
        options),
};

}  // namespace

OFFLINEIMAP_PLUGIN(ui_blinkenlights, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
