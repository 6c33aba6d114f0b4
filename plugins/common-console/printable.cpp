// SPDX-License-Identifier: Apache-2.0
#include "printable.hpp"

#include <algorithm>
#include <iterator>

namespace offlineimap::console {
namespace {

struct Character {
    char32_t code = 0;
    std::size_t size = 1;
    bool valid = false;
};

unsigned byte(std::string_view text, std::size_t place) noexcept
{
    return static_cast<unsigned char>(text[place]);
}

/// The number of bytes that a first byte announces (RFC 3629); 0: it cannot be a first byte.
std::size_t announced(unsigned first) noexcept
{
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return 2;
    if (first >= 0xe0 && first <= 0xef) return 3;
    if (first >= 0xf0 && first <= 0xf4) return 4;
    return 0;
}

/// The first character of a text that is not empty. One that is no UTF-8 has size 1.
Character first_character(std::string_view text) noexcept
{
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned first = byte(text, 0);
    const std::size_t size = announced(first);
    if (size == 0 || size > text.size()) return {};
    if (size == 1) return {first, 1, true};
    char32_t code = first & (0x7fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(text, i) & 0xc0) != 0x80) return {};
        code = (code << 6) | (byte(text, i) & 0x3f);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code < least[size] || code > 0x10ffff || surrogate) return {};
    return {code, size, true};
}

struct Range {
    char32_t first, last;
};

template <std::size_t N> bool in(const Range (&ranges)[N], char32_t code) noexcept
{
    return std::any_of(std::begin(ranges), std::end(ranges), [code](const Range& range) {
        return code >= range.first && code <= range.last;
    });
}

/// C0 and C1 controls, DEL, line separators, and what changes the direction of writing.
constexpr Range obeyed[] = {{0x00, 0x1f},     {0x7f, 0x9f},      {0x61c, 0x61c},
                            {0x200e, 0x200f}, {0x2028, 0x202e},  {0x2066, 0x2069},
                            {0xfff9, 0xfffb}, {0xe0000, 0xe007f}};

/// Roughly: a wrong guess costs a column of the progress line.
constexpr Range without_width[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},
                                   {0x64b, 0x65f},   {0x200b, 0x200d}, {0x20d0, 0x20ff},
                                   {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}};
constexpr Range wide[] = {
    {0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f680, 0x1faff}, {0x20000, 0x3fffd}};

std::size_t width(char32_t code) noexcept
{
    if (code < 0x300) return 1;
    if (in(without_width, code)) return 0;
    return in(wide, code) ? 2 : 1;
}

bool is_plain(char c) noexcept
{
    return c >= 0x20 && c < 0x7f;
}

}  // namespace

std::string printable(std::string_view text)
{
    if (std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        const Character next = first_character(text);
        if (next.valid && next.code >= '\t' && next.code <= '\r')
            clean += ' ';
        else if (!next.valid || in(obeyed, next.code))
            clean += '?';
        else
            clean += text.substr(0, next.size);
        text.remove_prefix(next.size);
    }
    return clean;
}

std::size_t columns(std::string_view text) noexcept
{
    std::size_t sum = 0;
    while (!text.empty()) {
        const Character next = first_character(text);
        sum += width(next.code);
        text.remove_prefix(next.size);
    }
    return sum;
}

std::string_view fitting(std::string_view text, std::size_t width_left) noexcept
{
    std::size_t end = 0;
    while (end < text.size()) {
        const Character next = first_character(text.substr(end));
        const std::size_t need = width(next.code);
        if (need > width_left) break;
        width_left -= need;
        end += next.size;
    }
    return text.substr(0, end);
}

}  // namespace offlineimap::console
