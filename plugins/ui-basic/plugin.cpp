// SPDX-License-Identifier: Apache-2.0
#include "basic_ui.hpp"
#include "common-console/message.hpp"

namespace {

constexpr offlineimap::Component components[] = {
    offlineimap::console::ui_component<offlineimap::ui_basic::BasicUi>(
        "basic", "a line on the standard output for everything that happens"),
};

}  // namespace

OFFLINEIMAP_PLUGIN(ui_basic, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
