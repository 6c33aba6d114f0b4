// SPDX-License-Identifier: Apache-2.0
#include "syslog_ui.hpp"

#include "common-console/message.hpp"
#include "common-console/printable.hpp"

#include <cstdlib>
#include <syslog.h>

namespace offlineimap::ui_syslog {
namespace {

/// Another path is for tests.
std::string_view journal_path()
{
    const char* const other = std::getenv("OFFLINEIMAP_JOURNAL");
    return other == nullptr ? "/run/systemd/journal/socket" : other;
}

int priority_of(const Event& event)
{
    if (console::is_failure(event)) return LOG_ERR;
    switch (event.level) {
    case Level::debug:
        return LOG_DEBUG;
    case Level::info:
        return LOG_INFO;
    default:
        return LOG_WARNING;
    }
}

std::string fields_of(const Event& event, const std::string& text)
{
    const auto field = [](std::string_view name, std::string_view value) {
        return journal_field(name, console::printable(value));
    };
    return field("MESSAGE", text) + field("PRIORITY", std::to_string(priority_of(event)))
        + field("SYSLOG_IDENTIFIER", "offlineimap") + field("OFFLINEIMAP_ACCOUNT", event.account)
        + field("OFFLINEIMAP_REPOSITORY", event.repository)
        + field("OFFLINEIMAP_FOLDER", event.folder)
        + field("OFFLINEIMAP_EVENT", std::to_string(static_cast<unsigned>(event.kind)));
}

}  // namespace

void SyslogUi::start(Control& /*control*/)
{
    has_journal_ = journal_.open(journal_path());
    if (!has_journal_) ::openlog("offlineimap", LOG_PID, LOG_USER);
}

void SyslogUi::show(const Event& event) noexcept
try {
    if (!console::is_worth_a_line(event, host_)) return;
    const auto text = console::printable(event.text);
    if (has_journal_ && journal_.send(fields_of(event, text))) return;
    ::syslog(priority_of(event), "%s", text.c_str());
} catch (const std::bad_alloc&) {
    // No memory for a line: there is nobody left to tell.
}

void SyslogUi::close() noexcept
{
    if (!has_journal_) ::closelog();
}

}  // namespace offlineimap::ui_syslog
