// SPDX-License-Identifier: Apache-2.0
#include "common-console/message.hpp"
#include "syslog_ui.hpp"

namespace {

constexpr offlineimap::Component components[] = {
    offlineimap::console::ui_component<offlineimap::ui_syslog::SyslogUi>(
        "syslog", "lines in the system's log; fields in the journal where there is one"),
};

}  // namespace

OFFLINEIMAP_PLUGIN(ui_syslog, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
