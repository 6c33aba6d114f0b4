// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <pwd.h>
#include <span>
#include <unistd.h>
#include <vector>

namespace offlineimap::core {

namespace {

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_name_character(char c)
{
    return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Takes out each "_" that stands between two digits; any other stays and makes the text no number.
std::string without_digit_groups(std::string_view text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool groups = text[i] == '_' && i > 0 && i + 1 < text.size() && is_digit(text[i - 1])
            && is_digit(text[i + 1]);
        if (!groups) result += text[i];
    }
    return result;
}

/// from_chars() takes no "+".
template <class Number> std::optional<Number> parse_number(std::string_view text)
{
    auto digits = without_digit_groups(trimmed(text));
    if (digits.starts_with('+') && !digits.starts_with("+-")) digits.erase(0, 1);
    Number number {};
    const char* end = digits.data() + digits.size();
    const auto [stop, failure] = std::from_chars(digits.data(), end, number);
    if (failure != std::errc() || stop != end) return std::nullopt;
    return number;
}

struct Unit {
    char letter;
    std::int64_t factor;
};

std::optional<std::int64_t> parse_with_unit(std::string_view text, std::span<const Unit> units)
{
    text = trimmed(text);
    std::int64_t factor = 1;
    if (!text.empty()) {
        const auto letter = lower(text.substr(text.size() - 1)).front();
        const auto unit = std::ranges::find(units, letter, &Unit::letter);
        if (unit != units.end()) {
            factor = unit->factor;
            text.remove_suffix(1);
        }
    }
    const auto number = parse_integer(text);
    if (!number || *number < 0 || *number > std::numeric_limits<std::int64_t>::max() / factor)
        return std::nullopt;
    return *number * factor;
}

std::optional<std::string> home_folder(const std::string& user)
{
    if (user.empty()) {
        const char* home = std::getenv("HOME");
        if (home != nullptr && *home != '\0') return home;
    }
    passwd entry {}, *found = nullptr;
    std::vector<char> buffer(16384);
    const int failure = user.empty()
        ? ::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found)
        : ::getpwnam_r(user.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (failure != 0 || found == nullptr) return std::nullopt;
    return found->pw_dir;
}

/// How long the reference at the front of `text` is ("$NAME", "${NAME}"), and its name.
struct Reference {
    std::size_t length = 0;  ///< 0: there is none
    std::string name = {};
};

Reference reference_at(std::string_view text)
{
    if (text.starts_with("${")) {
        const auto end = text.find('}');
        if (end == std::string_view::npos) return {};
        return {end + 1, std::string(text.substr(2, end - 2))};
    }
    const auto* const first = text.begin() + 1;
    const auto* const end = std::find_if_not(first, text.end(), is_name_character);
    if (end == first) return {};
    return {static_cast<std::size_t>(end - text.begin()), std::string(first, end)};
}

}  // namespace

std::optional<bool> parse_flag(std::string_view text)
{
    const auto word = lower(text);
    if (word == "1" || word == "yes" || word == "true" || word == "on") return true;
    if (word == "0" || word == "no" || word == "false" || word == "off") return false;
    return std::nullopt;
}

std::optional<std::int64_t> parse_integer(std::string_view text)
{
    return parse_number<std::int64_t>(text);
}

std::optional<double> parse_decimal(std::string_view text)
{
    const auto number = parse_number<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<std::int64_t> parse_size(std::string_view text)
{
    constexpr Unit units[] {{'k', 1 << 10}, {'m', 1 << 20}, {'g', 1 << 30}};
    return parse_with_unit(text, units);
}

std::optional<std::int64_t> parse_seconds(std::string_view text)
{
    constexpr Unit units[] {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    return parse_with_unit(text, units);
}

std::string expand_home(std::string_view path)
{
    if (!path.starts_with('~')) return std::string(path);
    const auto end = std::min(path.find('/'), path.size());
    const auto home = home_folder(std::string(path.substr(1, end - 1)));
    if (!home) return std::string(path);
    auto expanded = *home;
    while (expanded.ends_with('/'))
        expanded.pop_back();
    expanded += path.substr(end);
    return expanded.empty() ? "/" : expanded;
}

std::string expand_path(std::string_view path)
{
    const auto text = expand_home(path);
    std::string_view rest = text;
    std::string result;
    for (;;) {
        const auto dollar = rest.find('$');
        result += rest.substr(0, dollar);
        if (dollar == std::string_view::npos) return result;
        rest.remove_prefix(dollar);
        const auto reference = reference_at(rest);
        const char* value = std::getenv(reference.name.c_str());
        const auto length = std::max<std::size_t>(1, reference.length);
        result += reference.length > 0 && value != nullptr ? value : rest.substr(0, length);
        rest.remove_prefix(length);
    }
}

}  // namespace offlineimap::core
