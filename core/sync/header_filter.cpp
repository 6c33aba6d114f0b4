// SPDX-License-Identifier: Apache-2.0
#include "header_filter.hpp"

#include <algorithm>
#include <optional>

namespace offlineimap::sync {
namespace {

constexpr std::size_t most_held = 1'000'000;

char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

bool same_name(std::string_view a, std::string_view b) noexcept
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

/// "Subject" of "Subject : hello"; empty for what is no field.
std::string_view name_of(std::string_view line) noexcept
{
    auto name = line.substr(0, line.find(':'));
    if (name.size() == line.size()) return {};
    while (name.ends_with(' ') || name.ends_with('\t'))
        name.remove_suffix(1);
    return name;
}

bool is_blank(std::string_view line) noexcept
{
    return line == "\n" || line == "\r\n";
}

/// Where the text begins, behind the blank line; nullopt: not there yet. Looks at what follows
/// `from` only, and a little before.
std::optional<std::size_t> end_of_header(std::string_view text, std::size_t from) noexcept
{
    if (text.starts_with("\r\n")) return 2;
    if (text.starts_with("\n")) return 1;
    for (auto at = text.find('\n', from < 3 ? 0 : from - 3); at != text.npos;
         at = text.find('\n', at + 1)) {
        const auto rest = text.substr(at + 1);
        if (rest.starts_with("\r\n")) return at + 3;
        if (rest.starts_with('\n')) return at + 2;
    }
    return std::nullopt;
}

Bytes bytes_of(std::string_view text) noexcept
{
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

}  // namespace

std::string without_fields(std::string_view header, const std::vector<std::string>& names)
{
    std::string out;
    out.reserve(header.size());
    bool leaving_out = false;
    while (!header.empty()) {
        const auto end = header.find('\n');
        const auto line = header.substr(0, end == header.npos ? end : end + 1);
        header.remove_prefix(line.size());
        const bool folded = line.starts_with(' ') || line.starts_with('\t');
        if (!folded)
            leaving_out = !is_blank(line) && std::any_of(names.begin(), names.end(), [&](auto& n) {
                return same_name(n, name_of(line));
            });
        if (!leaving_out) out.append(line);
    }
    return out;
}

void HeaderFilter::begin(std::size_t index, const Message& message, std::uint64_t size)
{
    if (names_.empty()) return sink_.begin(index, message, size);
    index_ = index;
    message_ = message;
    size_ = size;
    held_.clear();
    holding_ = true;
}

bool HeaderFilter::data(Bytes chunk)
{
    if (!holding_) return sink_.data(chunk);
    const auto before = held_.size();
    held_.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    if (const auto end = end_of_header(held_, before)) return hand_on(*end);
    if (held_.size() < most_held) return true;
    return hand_on(held_.rfind('\n') + 1);
}

void HeaderFilter::end()
{
    if (holding_) hand_on(held_.size());
    sink_.end();
}

bool HeaderFilter::hand_on(std::size_t header_size)
{
    holding_ = false;
    const std::string_view all(held_);
    const auto header = without_fields(all.substr(0, header_size), names_);
    const auto left_out = header_size - header.size();
    if (message_.size != 0) message_.size -= left_out;
    sink_.begin(index_, message_, size_ - left_out);
    if (!header.empty() && !sink_.data(bytes_of(header))) return false;
    const auto rest = all.substr(header_size);
    return rest.empty() || sink_.data(bytes_of(rest));
}

}  // namespace offlineimap::sync
