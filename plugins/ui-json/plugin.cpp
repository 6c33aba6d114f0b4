// SPDX-License-Identifier: Apache-2.0
#include "common-console/message.hpp"
#include "json_ui.hpp"

namespace {

constexpr offlineimap::Component components[] = {
    offlineimap::console::ui_component<offlineimap::ui_json::JsonUi>(
        "json", "one JSON object per line for everything that happens"),
};

}  // namespace

OFFLINEIMAP_PLUGIN(ui_json, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
