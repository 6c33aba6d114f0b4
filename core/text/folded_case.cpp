// SPDX-License-Identifier: Apache-2.0
#include "folded_case.hpp"

#include <cstdint>

namespace offlineimap::core {

namespace {

/// Characters of two bytes in UTF-8.
std::uint32_t small(std::uint32_t code)
{
    const auto in = [&](std::uint32_t first, std::uint32_t last) {
        return code >= first && code <= last;
    };
    if ((in(0xc0, 0xde) && code != 0xd7) || (in(0x391, 0x3ab) && code != 0x3a2)) return code + 0x20;
    if (in(0x410, 0x42f)) return code + 0x20;
    if (in(0x400, 0x40f)) return code + 0x50;
    const bool capitals_are_odd = in(0x139, 0x148) || in(0x179, 0x17e);
    if (capitals_are_odd) return code + (code & 1);
    if (in(0x100, 0x137) || in(0x14a, 0x177) || in(0x460, 0x481) || in(0x48a, 0x4bf))
        return code | 1;
    return code;
}

}  // namespace

std::string folded_case(std::string_view text)
{
    std::string folded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool two = (byte & 0xe0) == 0xc0 && i + 1 < text.size()
            && (static_cast<unsigned char>(text[i + 1]) & 0xc0) == 0x80;
        if (two) {
            const auto next = static_cast<unsigned char>(text[++i]);
            const auto code = small((byte & 0x1fU) << 6 | (next & 0x3fU));
            folded += static_cast<char>(0xc0 | code >> 6);
            folded += static_cast<char>(0x80 | (code & 0x3f));
        } else {
            folded += byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 0x20) : text[i];
        }
    }
    return folded;
}

}  // namespace offlineimap::core
