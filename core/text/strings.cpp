// SPDX-License-Identifier: Apache-2.0
#include "strings.hpp"

#include <algorithm>

namespace offlineimap::core {

std::string in_quotes(std::string_view text)
{
    return concat("\"", text, "\"");
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\n\v\f\r";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::string lower(std::string_view text)
{
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> pieces;
    for (;;) {
        const auto end = text.find(separator);
        pieces.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return pieces;
        text.remove_prefix(end + 1);
    }
}

std::vector<std::string> split_list(std::string_view text)
{
    std::vector<std::string> items;
    for (const auto piece : split(text, ',')) {
        if (const auto item = trimmed(piece); !item.empty()) items.emplace_back(item);
    }
    return items;
}

std::string join(const std::vector<std::string>& items, std::string_view separator)
{
    std::string all;
    for (const auto& item : items)
        all.append(&item == items.data() ? std::string_view() : separator).append(item);
    return all;
}

}  // namespace offlineimap::core
