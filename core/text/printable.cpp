// SPDX-License-Identifier: Apache-2.0
#include "printable.hpp"

#include <cstddef>
#include <cstdint>

namespace offlineimap::core {

namespace {

struct Character {
    char32_t code = 0;
    std::size_t bytes = 0;  ///< 0: not UTF-8
};

std::uint8_t byte_at(std::string_view text, std::size_t index)
{
    return static_cast<std::uint8_t>(text[index]);
}

std::size_t announced_length(std::uint8_t first)
{
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return 2;
    if (first >= 0xe0 && first <= 0xef) return 3;
    if (first >= 0xf0 && first <= 0xf4) return 4;
    return 0;
}

/// RFC 3629 section 4: neither overlong forms nor surrogates.
bool is_allowed(char32_t code, std::size_t bytes)
{
    if (bytes == 3) return code >= 0x800 && (code < 0xd800 || code > 0xdfff);
    if (bytes == 4) return code >= 0x10000 && code <= 0x10ffff;
    return true;
}

Character first_character(std::string_view text)
{
    const auto first = byte_at(text, 0);
    const auto length = announced_length(first);
    if (length == 1) return {first, 1};
    if (length == 0 || length > text.size()) return {};
    char32_t code = first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = byte_at(text, i);
        if ((next & 0xc0) != 0x80) return {};
        code = (code << 6) | (next & 0x3fU);
    }
    return is_allowed(code, length) ? Character {code, length} : Character {};
}

bool is_blank(char32_t code)
{
    return (code >= '\t' && code <= '\r') || code == 0x2028 || code == 0x2029;
}

bool is_harmful(char32_t code)
{
    const bool control = code < 0x20 || (code >= 0x7f && code <= 0x9f);
    const bool direction = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)
        || code == 0x200e || code == 0x200f;
    return control || direction;
}

}  // namespace

std::string printable(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        const auto [code, bytes] = first_character(text);
        if (is_blank(code))
            result += ' ';
        else if (bytes == 0 || is_harmful(code))
            result += '?';
        else
            result += text.substr(0, bytes);
        text.remove_prefix(bytes == 0 ? 1 : bytes);
    }
    return result;
}

}  // namespace offlineimap::core
