// SPDX-License-Identifier: Apache-2.0
#include "common-console/message.hpp"
#include "quiet_ui.hpp"

namespace {

constexpr offlineimap::Component components[] = {
    offlineimap::console::ui_component<offlineimap::ui_quiet::QuietUi>(
        "quiet", "failures and warnings on the standard output, nothing else"),
};

}  // namespace

OFFLINEIMAP_PLUGIN(ui_quiet, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
