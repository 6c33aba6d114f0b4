// SPDX-License-Identifier: Apache-2.0
#include "common-console/message.hpp"
#include "machine_ui.hpp"

namespace {

constexpr offlineimap::Component components[] = {
    offlineimap::console::ui_component<offlineimap::ui_machineui::MachineUi>(
        "machineui", "the original's line protocol, for a program that reads it"),
};

}  // namespace

OFFLINEIMAP_PLUGIN(ui_machineui, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
