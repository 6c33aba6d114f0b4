// SPDX-License-Identifier: Apache-2.0
#include "syslog.hpp"

#include "log_file.hpp"

#include <syslog.h>

namespace offlineimap::core {

namespace {

int priority_of(Level level)
{
    switch (level) {
    case Level::debug:
        return LOG_DEBUG;
    case Level::info:
        return LOG_INFO;
    case Level::warning:
        return LOG_WARNING;
    default:
        return LOG_ERR;
    }
}

}  // namespace

void Syslog::start(Control&)
{
    ::openlog("offlineimap", LOG_PID, LOG_USER);
}

void Syslog::show(const Event& event) noexcept
{
    if (belongs_in_log(event))
        ::syslog(
            priority_of(event.level), "%.*s", static_cast<int>(event.text.size()),
            event.text.data());
}

void Syslog::close() noexcept
{
    ::closelog();
}

}  // namespace offlineimap::core
