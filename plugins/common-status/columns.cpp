// SPDX-License-Identifier: Apache-2.0
#include "columns.hpp"

#include <algorithm>
#include <charconv>

namespace offlineimap::status {
namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string unescaped(std::string_view line)
{
    std::string text;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] != '\\' || i + 1 == line.size())
            text += line[i];
        else
            text += line[++i] == 'n' ? '\n' : line[i];
    }
    return text;
}

}  // namespace

std::optional<std::int64_t> row_id(const MessageId& id) noexcept
{
    const std::string& text = id.value;
    if (text.empty() || text.front() < '1' || text.front() > '9') return std::nullopt;
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stop != end) return std::nullopt;
    return number;
}

void assign_number(std::string& out, std::int64_t number)
{
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    out.assign(digits, end);
}

std::string join_labels(std::span<const std::string> labels)
{
    std::string column;
    for (const std::string& label : labels) {
        if (!column.empty()) column += ", ";
        column += label;
    }
    return column;
}

std::vector<std::string> split_labels(std::string_view column)
{
    std::vector<std::string> labels;
    while (!column.empty()) {
        const auto comma = column.find(',');
        if (const auto label = trimmed(column.substr(0, comma)); !label.empty())
            labels.emplace_back(label);
        column.remove_prefix(comma == std::string_view::npos ? column.size() : comma + 1);
    }
    std::sort(labels.begin(), labels.end());
    return labels;
}

std::string join_list(std::span<const std::string> items)
{
    std::string column;
    for (const std::string& item : items) {
        for (const char c : item) {
            if (c == '\\' || c == '\n') column += '\\';
            column += c == '\n' ? 'n' : c;
        }
        column += '\n';
    }
    return column;
}

std::vector<std::string> split_list(std::string_view column)
{
    std::vector<std::string> items;
    while (!column.empty()) {
        const auto end = column.find('\n');
        items.push_back(unescaped(column.substr(0, end)));
        column.remove_prefix(end == std::string_view::npos ? column.size() : end + 1);
    }
    return items;
}

}  // namespace offlineimap::status
