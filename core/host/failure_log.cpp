// SPDX-License-Identifier: Apache-2.0
#include "failure_log.hpp"

#include <algorithm>

namespace offlineimap::core {

namespace {
constexpr std::size_t most_failures = 1000;
}

bool FailureLog::has_room_for(Errc code) const
{
    const auto& known = summary_.failures;
    return known.size() < most_failures
        || std::ranges::none_of(known, [&](const auto& f) { return f.error.code() == code; });
}

void FailureLog::add(const Event& event)
{
    if (event.error == nullptr) return;
    const std::lock_guard lock(mutex_);
    Key key {event.account, event.repository, event.folder, event.text, event.error->code()};
    if (const auto known = index_.find(key); known != index_.end()) {
        ++summary_.failures[known->second].count;
    } else if (has_room_for(event.error->code())) {
        index_.emplace(std::move(key), summary_.failures.size());
        summary_.failures.push_back(
            {std::string(event.account), std::string(event.repository), std::string(event.folder),
             std::string(event.text), *event.error});
    } else {
        ++summary_.not_listed;
    }
}

FailureSummary FailureLog::summary() const
{
    const std::lock_guard lock(mutex_);
    return summary_;
}

}  // namespace offlineimap::core
