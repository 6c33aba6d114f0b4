// SPDX-License-Identifier: Apache-2.0
#include "quiet_ui.hpp"

#include "common-console/line_writer.hpp"
#include "common-console/message.hpp"

#include <unistd.h>

namespace offlineimap::ui_quiet {

QuietUi::QuietUi(Host& host) : host_(host) { }

void QuietUi::show(const Event& event) noexcept
try {
    // All it has printed are the failures: only how often they happened is news at the end.
    const bool known = event.kind == EventKind::problem && event.done < 2;
    const bool wrong = !known && (console::is_failure(event) || event.level == Level::warning);
    // As with the original, who asks for debug lines wants to see everything.
    const bool wanted =
        wrong || (host_.logs(Level::debug) && console::is_worth_a_line(event, host_));
    if (wanted) console::write_all(STDOUT_FILENO, console::message(event) + "\n");
} catch (const std::bad_alloc&) {
    // No memory for a line: there is nobody left to tell.
}

}  // namespace offlineimap::ui_quiet
