// SPDX-License-Identifier: Apache-2.0
#include "event_json.hpp"

#include "common-console/printable.hpp"

#include <array>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <ratio>

namespace offlineimap::ui_json {
namespace {

constexpr std::string_view kinds[] = {
    "log",          "account_begin",  "account_end", "folder_begin",   "folder_end",
    "connecting",   "listing",        "planned",     "copying",        "deleting",
    "adding_flags", "removing_flags", "moving",      "sleeping",       "watching",
    "progress",     "worker_end",     "failure",     "folder_created", "summary",
    "listed",       "problem"};
constexpr std::string_view levels[] = {"debug", "info", "warning", "error"};
constexpr std::string_view codes[] = {
    "cancelled",   "config",    "auth",     "tls",         "network", "timeout",
    "unavailable", "busy",      "protocol", "not_found",   "exists",  "permission",
    "quota",       "too_large", "rejected", "unsupported", "stopped", "epoch_changed",
    "corrupt",     "io",        "internal"};
constexpr std::string_view scopes[] = {"message", "folder", "session", "repository"};
constexpr std::string_view retries[] = {"never", "reconnect", "later"};

/// Values that were invented later have a number for a name.
template <class Enum, std::size_t N>
std::string name(Enum value, const std::string_view (&names)[N])
{
    const auto number = static_cast<std::size_t>(value);
    return number < N ? std::string(names[number]) : "other-" + std::to_string(number);
}

/// RFC 3339, in UTC, to the millisecond.
std::string time_text(std::chrono::system_clock::time_point time)
{
    // In parts, so that no time there is overflows.
    constexpr std::int64_t a_second = std::nano::den, a_millisecond = std::nano::den / 1000;
    const std::int64_t all = std::chrono::nanoseconds(time.time_since_epoch()).count();
    const bool borrows = all % a_second < 0;
    const std::time_t seconds = all / a_second - (borrows ? 1 : 0);
    const auto rest = (all % a_second + (borrows ? a_second : 0)) / a_millisecond;
    std::tm fields = {};
    if (::gmtime_r(&seconds, &fields) == nullptr) return {};
    std::array<char, 64> date = {};
    const auto size = std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%S", &fields);
    const auto digits = std::to_string(1000 + rest).substr(1);
    return std::string(date.data(), size) + '.' + digits + 'Z';
}

void put(Json& object, const char* key, std::string_view text)
{
    if (!text.empty()) object[key] = console::printable(text);
}

void put(Json& object, const char* key, std::uint64_t number)
{
    if (number != 0) object[key] = number;
}

void put(Json& object, const char* key, const EventPlace& place)
{
    Json inner = Json::object();
    put(inner, "repository", place.repository);
    put(inner, "type", place.type);
    put(inner, "folder", place.folder);
    if (!inner.empty()) object[key] = std::move(inner);
}

void put_details(Json& object, const EventDetails& details)
{
    put(object, "from", details.from);
    put(object, "to", details.to);
    for (const auto id : details.messages)
        object["messages"].push_back(console::printable(id));
    put(object, "flag", details.flag);
    put(object, "host", details.host);
    put(object, "port", details.port);
}

}  // namespace

Json to_json(const Event& event)
{
    Json object {{"event", name(event.kind, kinds)}};
    put(object, "time", time_text(event.time));
    object["level"] = name(event.level, levels);
    put(object, "worker", std::uint64_t {event.worker});
    put(object, "account", event.account);
    put(object, "repository", event.repository);
    put(object, "folder", event.folder);
    put(object, "text", event.text);
    put(object, "done", event.done);
    put(object, "total", event.total);
    put(object, "bytes_done", event.bytes_done);
    put(object, "bytes_total", event.bytes_total);
    if (event.error != nullptr)
        object["error"] = {
            {"code", name(event.error->code(), codes)},
            {"scope", name(event.error->scope(), scopes)},
            {"retry", name(event.error->retry(), retries)},
            {"text", console::printable(event.error->what())}};
    if (event.details != nullptr) put_details(object, *event.details);
    return object;
}

std::string to_line(const Json& object)
{
    return object.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace offlineimap::ui_json
