// SPDX-License-Identifier: Apache-2.0
#include "dates.hpp"

#include "core/text/strings.hpp"

#include <charconv>

namespace offlineimap::core {

namespace {

std::optional<unsigned> digits(std::string_view text)
{
    unsigned number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || stop != end) return std::nullopt;
    return number;
}

}  // namespace

std::optional<std::chrono::sys_days> parse_date(std::string_view text, std::chrono::sys_days today)
{
    const auto parts = split(trimmed(text), '-');
    if (parts.size() != 3 || parts[0].size() != 4 || parts[1].size() > 2 || parts[2].size() > 2)
        return std::nullopt;
    const auto year = digits(parts[0]), month = digits(parts[1]), day = digits(parts[2]);
    if (!year || !month || !day || *year < 1900) return std::nullopt;
    const std::chrono::year_month_day date {
        std::chrono::year(static_cast<int>(*year)), std::chrono::month(*month),
        std::chrono::day(*day)};
    if (!date.ok() || std::chrono::sys_days(date) > today) return std::nullopt;
    return date;
}

}  // namespace offlineimap::core
