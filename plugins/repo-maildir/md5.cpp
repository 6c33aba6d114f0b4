// SPDX-License-Identifier: Apache-2.0
#include "md5.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace offlineimap::maildir {
namespace {

using State = std::array<std::uint32_t, 4>;

constexpr std::array<std::array<int, 4>, 4> shifts = {
    {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}}};

/// RFC 1321 section 3.4: the integer part of 2^32 times |sin(i)|.
std::array<std::uint32_t, 64> sine_table()
{
    std::array<std::uint32_t, 64> table {};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = static_cast<std::uint32_t>(
            std::abs(std::sin(static_cast<double>(i + 1))) * 4294967296.0);
    return table;
}

std::uint32_t mix(std::size_t round, std::uint32_t b, std::uint32_t c, std::uint32_t d) noexcept
{
    switch (round) {
    case 0:
        return (b & c) | (~b & d);
    case 1:
        return (b & d) | (c & ~d);
    case 2:
        return b ^ c ^ d;
    default:
        return c ^ (b | ~d);
    }
}

std::size_t word_of(std::size_t round, std::size_t i) noexcept
{
    constexpr std::array<std::size_t, 4> step = {1, 5, 3, 7};
    constexpr std::array<std::size_t, 4> start = {0, 1, 5, 0};
    return (start[round] + step[round] * i) % 16;
}

std::uint32_t little_endian(std::string_view bytes) noexcept
{
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i)
        word |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
    return word;
}

State after_block(State state, std::string_view block)
{
    static const std::array<std::uint32_t, 64> sines = sine_table();
    auto [a, b, c, d] = state;
    for (std::size_t i = 0; i < 64; ++i) {
        const std::size_t round = i / 16;
        const std::uint32_t word = little_endian(block.substr(4 * word_of(round, i), 4));
        const std::uint32_t sum = a + mix(round, b, c, d) + word + sines[i];
        const std::uint32_t next = b + std::rotl(sum, shifts[round][i % 4]);
        a = d;
        d = c;
        c = b;
        b = next;
    }
    return {state[0] + a, state[1] + b, state[2] + c, state[3] + d};
}

std::string padded(std::string_view text)
{
    std::string all(text);
    all.push_back('\x80');
    all.resize((all.size() + 8 + 63) / 64 * 64, '\0');
    const std::uint64_t bits = std::uint64_t {text.size()} * 8;
    for (std::size_t i = 0; i < 8; ++i)
        all[all.size() - 8 + i] = static_cast<char>(bits >> (8 * i) & 0xff);
    return all;
}

}  // namespace

std::string md5_hex(std::string_view text)
{
    State state = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    const std::string all = padded(text);
    for (std::size_t at = 0; at < all.size(); at += 64)
        state = after_block(state, std::string_view(all).substr(at, 64));
    std::string hex;
    for (std::size_t i = 0; i < 16; ++i) {
        const std::uint32_t byte = state[i / 4] >> (8 * (i % 4)) & 0xff;
        hex.push_back("0123456789abcdef"[byte >> 4]);
        hex.push_back("0123456789abcdef"[byte & 15]);
    }
    return hex;
}

}  // namespace offlineimap::maildir
