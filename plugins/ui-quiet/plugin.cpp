// SPDX-License-Identifier: Apache-2.0
#include "common-console/message.hpp"
#include "quiet_ui.hpp"

namespace {

constexpr offlineimap::Component components[] = {
    offlineimap::console::ui_component<offlineimap::ui_quiet::QuietUi>(
        "quiet", "tells failures and warnings, nothing else"),
};

}  // namespace

OFFLINEIMAP_PLUGIN(ui_quiet, "9.0.0", "Apache-2.0", components)
