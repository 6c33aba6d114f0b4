// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace offlineimap::maildir {

/// The pieces one after the other.
template <class... Pieces> [[nodiscard]] std::string concat(const Pieces&... pieces)
{
    std::string all;
    all.reserve((std::size_t {0} + ... + std::string_view(pieces).size()));
    (all.append(std::string_view(pieces)), ...);
    return all;
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_letter(char c) noexcept
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
[[nodiscard]] constexpr char lower(char c) noexcept
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace offlineimap::maildir
