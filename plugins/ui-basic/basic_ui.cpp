// SPDX-License-Identifier: Apache-2.0
#include "basic_ui.hpp"

#include "common-console/line_writer.hpp"
#include "common-console/message.hpp"

#include <unistd.h>

namespace offlineimap::ui_basic {

BasicUi::BasicUi(Host& host) : host_(host) { }

void BasicUi::show(const Event& event) noexcept
try {
    if (console::is_worth_a_line(event, host_))
        console::write_all(STDOUT_FILENO, console::message(event) + "\n");
} catch (const std::bad_alloc&) {
    // No memory for a line: there is nobody left to tell.
}

}  // namespace offlineimap::ui_basic
