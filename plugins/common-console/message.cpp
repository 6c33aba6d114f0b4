// SPDX-License-Identifier: Apache-2.0
#include "message.hpp"

#include "printable.hpp"

namespace offlineimap::console {

bool is_failure(const Event& event) noexcept
{
    return event.kind == EventKind::failure || event.level == Level::error;
}

std::string message(const Event& event)
{
    if (event.kind == EventKind::problem && event.error != nullptr) return printable(event.text);
    if (is_failure(event)) return "ERROR: " + printable(event.text);
    if (event.level == Level::warning) return "WARNING: " + printable(event.text);
    return printable(event.text);
}

bool is_worth_a_line(const Event& event, const Host& host) noexcept
{
    if (event.text.empty()) return false;
    if (event.level >= Level::warning || event.kind == EventKind::failure) return true;
    if (event.level == Level::debug && !host.logs(Level::debug)) return false;
    const bool only_counts = event.kind == EventKind::progress
        || event.kind == EventKind::worker_end
        || (event.kind == EventKind::sleeping && event.done > 0);
    return !only_counts;
}

}  // namespace offlineimap::console
