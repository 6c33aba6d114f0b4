// SPDX-License-Identifier: Apache-2.0
#include "problems.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <iterator>

namespace offlineimap::core {
namespace {

struct Row {
    Errc error;
    std::string_view advice;
};

constexpr Row rows[] {
    {Errc::auth,
     "check remoteuser and the password settings of the repository; some providers want "
     "an app password or OAuth2"},
    {Errc::tls,
     "check the host name and this machine's clock; sslcacertfile names an authority to "
     "trust, cert_fingerprint a single certificate"},
    {Errc::network, "check the network, remotehost and remoteport; the next run goes on from here"},
    {Errc::timeout, "check the network; socktimeout is how long an answer is waited for"},
    {Errc::unavailable, "the server asks for patience; the next run tries again"},
    {Errc::busy, "wait until the other one has ended"},
    {Errc::quota, "make room there, or ask for more; the next run tries again"},
    {Errc::permission, "check the rights on that folder, or leave it out with folderfilter"},
    {Errc::io, "check the free space and the rights there; the next run tries again"},
    {Errc::internal, "this is a defect of the program; please report it with what -d all says"},
};

void post(EventBus& bus, Event event, std::string_view text)
{
    event.kind = EventKind::problem;
    event.level = Level::error;
    event.text = text;
    bus.post(event);
}

void say(EventBus& bus, const Failure& failure)
{
    Event event;
    event.account = failure.account;
    event.repository = failure.repository;
    event.folder = failure.folder;
    event.done = failure.count;
    event.error = &failure.error;
    const auto times =
        failure.count > 1 ? concat(" (", std::to_string(failure.count), " times)") : std::string();
    const auto account = failure.account.empty() ? "" : concat(failure.account, ": ");
    post(bus, event, concat("  ", account, failure.text, times));
}

}  // namespace

std::string_view advice(Errc code) noexcept
{
    const auto* const row = std::ranges::find(rows, code, &Row::error);
    return row == std::end(rows) ? std::string_view() : row->advice;
}

std::string failure_text(const Error& error)
{
    const auto what_to_do = advice(error.code());
    return what_to_do.empty() ? std::string(error.what())
                              : concat(error.what(), " (", what_to_do, ")");
}

void say_problems(EventBus& bus)
{
    const auto summary = bus.failures();
    if (summary.empty()) return;
    const auto number = summary.failures.size() + summary.not_listed;
    post(
        bus, {},
        concat(std::to_string(number), number == 1 ? " problem" : " problems", " in this run:"));
    for (const auto& failure : summary.failures)
        say(bus, failure);
    if (summary.not_listed > 0)
        post(bus, {}, concat("  and ", std::to_string(summary.not_listed), " more"));
}

}  // namespace offlineimap::core
