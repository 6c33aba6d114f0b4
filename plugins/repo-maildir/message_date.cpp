// SPDX-License-Identifier: Apache-2.0
#include "message_date.hpp"

#include "text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string>
#include <vector>

namespace offlineimap::maildir {
namespace {

bool same_letters(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

/// Cuts at blanks and commas; comments in parentheses count as blanks.
std::vector<std::string_view> words_of(std::string_view text)
{
    std::vector<std::string_view> words;
    std::size_t start = 0;
    int depth = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : ' ';
        const bool ends_word = std::string_view(" \t\r\n,()").find(c) != std::string_view::npos;
        if (!ends_word) continue;
        if (depth == 0 && i > start) words.push_back(text.substr(start, i - start));
        if (c == '(') ++depth;
        if (c == ')' && depth > 0) --depth;
        start = i + 1;
    }
    return words;
}

std::optional<int> number(std::string_view digits)
{
    int value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (digits.empty() || !is_digit(digits.front()) || error != std::errc()
        || end != digits.data() + digits.size())
        return std::nullopt;
    return value;
}

std::optional<unsigned> month(std::string_view name)
{
    constexpr std::array<std::string_view, 12> names = {"jan", "feb", "mar", "apr", "may", "jun",
                                                        "jul", "aug", "sep", "oct", "nov", "dec"};
    for (unsigned i = 0; i < names.size(); ++i)
        if (same_letters(name.substr(0, 3), names[i])) return i + 1;
    return std::nullopt;
}

std::optional<int> year(std::string_view digits)
{
    const auto value = number(digits);
    if (!value) return std::nullopt;
    if (digits.size() <= 2) return *value + (*value < 50 ? 2000 : 1900);
    if (digits.size() == 3) return *value + 1900;
    return value;
}

std::optional<std::chrono::seconds> time_of_day(std::string_view text)
{
    std::array<int, 3> parts = {0, 0, 0};
    std::size_t count = 0;
    while (count < parts.size()) {
        const std::size_t colon = text.find(':');
        const auto part = number(text.substr(0, colon));
        if (!part) return std::nullopt;
        parts[count++] = *part;
        if (colon == std::string_view::npos) break;
        text.remove_prefix(colon + 1);
    }
    // 60: a leap second.
    if (count < 2 || parts[0] > 23 || parts[1] > 59 || parts[2] > 60) return std::nullopt;
    return std::chrono::hours(parts[0]) + std::chrono::minutes(parts[1])
        + std::chrono::seconds(parts[2]);
}

/// RFC 5322 section 4.3; a name that it does not know means that nothing is known: +0000.
std::chrono::minutes named_zone(std::string_view name)
{
    constexpr std::string_view american = "ECMP";
    if (name.size() == 3 && (name[2] == 'T' || name[2] == 't')) {
        const std::size_t zone = american.find(static_cast<char>(name[0] & ~0x20));
        const bool summer = lower(name[1]) == 'd';
        if (zone != std::string_view::npos && (summer || lower(name[1]) == 's'))
            return std::chrono::hours(-5 - static_cast<int>(zone) + (summer ? 1 : 0));
    }
    return {};
}

std::chrono::minutes zone(std::string_view text)
{
    if (text.size() == 5 && (text[0] == '+' || text[0] == '-')) {
        const auto digits = number(text.substr(1));
        if (!digits) return {};
        const auto offset = std::chrono::hours(*digits / 100) + std::chrono::minutes(*digits % 100);
        return text[0] == '-' ? -offset : offset;
    }
    return named_zone(text);
}

/// The field's value with its folded lines; nullopt if the header has no such field.
std::optional<std::string_view> field(std::string_view text, std::string_view name)
{
    while (!text.empty() && text.front() != '\n' && !text.starts_with("\r\n")) {
        std::size_t end = text.find('\n');
        while (end != std::string_view::npos && end + 1 < text.size()
               && (text[end + 1] == ' ' || text[end + 1] == '\t'))
            end = text.find('\n', end + 1);
        const std::string_view line = text.substr(0, end);
        if (line.size() > name.size() && line[name.size()] == ':'
            && same_letters(line.substr(0, name.size()), name))
            return line.substr(name.size() + 1);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::chrono::sys_seconds> parse_date(std::string_view text)
{
    std::vector<std::string_view> words = words_of(text);
    if (!words.empty() && is_letter(words.front().front())) words.erase(words.begin());
    if (words.size() < 4) return std::nullopt;
    const auto day = number(words[0]);
    const auto month_number = month(words[1]);
    const auto year_number = year(words[2]);
    const auto time = time_of_day(words[3]);
    if (!day || *day < 1 || !month_number || !year_number || !time) return std::nullopt;
    const std::chrono::year_month_day date(
        std::chrono::year(*year_number), std::chrono::month(*month_number),
        std::chrono::day(static_cast<unsigned>(*day)));
    if (!date.ok()) return std::nullopt;
    const auto offset = words.size() > 4 ? zone(words[4]) : std::chrono::minutes(0);
    return std::chrono::sys_days(date) + *time - offset;
}

std::optional<std::chrono::sys_seconds> date_of_message(std::string_view text)
{
    for (const std::string_view name : {"date", "delivery-date"})
        if (const auto value = field(text, name))
            if (const auto date = parse_date(*value)) return date;
    return std::nullopt;
}

}  // namespace offlineimap::maildir
