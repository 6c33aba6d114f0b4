// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <algorithm>

namespace offlineimap::imap {

namespace {

constexpr char upper(char c) noexcept
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool is_atom_char(char c) noexcept
{
    constexpr std::string_view specials = "(){%*\"\\] ";
    return !is_control(c) && static_cast<unsigned char>(c) < 0x80
        && specials.find(c) == std::string_view::npos;
}

}  // namespace

bool same_text(std::string_view a, std::string_view b) noexcept
{
    if (a.size() != b.size()) return false;
    if (a == b) return true;  // nearly always, and much faster
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return upper(x) == upper(y);
    });
}

std::string upper_case(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), upper);
    return result;
}

bool is_atom(std::string_view text) noexcept
{
    return !text.empty() && std::all_of(text.begin(), text.end(), is_atom_char);
}

std::string printable(std::string_view text, std::size_t limit)
{
    std::string result(text.substr(0, limit));
    std::replace_if(result.begin(), result.end(), is_control, ' ');
    if (text.size() > limit) result += "...";
    return result;
}

}  // namespace offlineimap::imap
