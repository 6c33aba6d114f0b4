// SPDX-License-Identifier: Apache-2.0
#include "date_time.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace offlineimap::imap {

namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> month_names {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> number(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc {} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

std::optional<unsigned> month_of(std::string_view text)
{
    const auto same = [text](std::string_view name) {
        return std::equal(
            name.begin(), name.end(), text.begin(), text.end(),
            [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
    };
    const auto at = std::find_if(month_names.begin(), month_names.end(), same);
    if (at == month_names.end()) return std::nullopt;
    return static_cast<unsigned>(at - month_names.begin()) + 1;
}

/// date-text of RFC 3501: "17-Jul-1996"
std::optional<sys_days> parse_day(std::string_view text)
{
    const auto dash = text.find('-');
    if (dash == std::string_view::npos || text.size() != dash + 9 || text[dash + 4] != '-')
        return std::nullopt;
    const auto day_number = number(text.substr(0, dash));
    const auto month_number = month_of(text.substr(dash + 1, 3));
    const auto year_number = number(text.substr(dash + 5));
    if (!day_number || !month_number || !year_number) return std::nullopt;
    const year_month_day date {
        year {*year_number}, month {*month_number}, day {static_cast<unsigned>(*day_number)}};
    if (!date.ok()) return std::nullopt;
    return sys_days {date};
}

/// time of RFC 3501: "02:44:25", 60 for a leap second
std::optional<seconds> parse_time(std::string_view text)
{
    if (text.size() != 8 || text[2] != ':' || text[5] != ':') return std::nullopt;
    const auto h = number(text.substr(0, 2));
    const auto m = number(text.substr(3, 2));
    const auto s = number(text.substr(6, 2));
    if (!h || !m || !s || *h > 23 || *m > 59 || *s > 60) return std::nullopt;
    return hours {*h} + minutes {*m} + seconds {*s};
}

/// zone of RFC 3501: "-0700"
std::optional<minutes> parse_zone(std::string_view text)
{
    if (text.size() != 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
    const auto h = number(text.substr(1, 2));
    const auto m = number(text.substr(3, 2));
    if (!h || !m || *m > 59) return std::nullopt;
    const minutes offset = hours {*h} + minutes {*m};
    return text[0] == '-' ? -offset : offset;
}

std::string two_digits(unsigned value)
{
    std::string text = std::to_string(value);
    return text.size() < 2 ? "0" + text : text;
}

}  // namespace

std::optional<sys_seconds> parse_date_time(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    if (text.size() < 24) return std::nullopt;
    const auto date_end = text.size() - 15;
    const auto date = parse_day(text.substr(0, date_end));
    const auto time = parse_time(text.substr(date_end + 1, 8));
    const auto zone = parse_zone(text.substr(date_end + 10));
    if (!date || !time || !zone) return std::nullopt;
    const sys_seconds when = *date + *time - *zone;
    // A zone may lead out of the years that four digits can say.
    const auto in_year = static_cast<int>(year_month_day {floor<days>(when)}.year());
    if (in_year < 1 || in_year > 9999) return std::nullopt;
    return when;
}

std::string format_date(sys_days days)
{
    const year_month_day date {days};
    auto year_text = std::to_string(static_cast<int>(date.year()));
    year_text.insert(0, year_text.size() < 4 ? 4 - year_text.size() : 0, '0');
    return two_digits(static_cast<unsigned>(date.day())) + '-'
        + std::string(month_names.at(static_cast<unsigned>(date.month()) - 1)) + '-' + year_text;
}

std::string format_date_time(sys_seconds time)
{
    const auto day_start = floor<days>(time);
    const hh_mm_ss clock {time - day_start};
    const auto part = [](auto amount) { return two_digits(static_cast<unsigned>(amount.count())); };
    return format_date(day_start) + ' ' + part(clock.hours()) + ':' + part(clock.minutes()) + ':'
        + part(clock.seconds()) + " +0000";
}

}  // namespace offlineimap::imap
