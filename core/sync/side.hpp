// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace offlineimap::sync {

/// The two stores of an account. Left is the local one, right the remote one, whose ids identify
/// the messages of a pair of folders.
enum class Side : std::uint8_t { left, right };

constexpr Side other(Side side) noexcept
{
    return side == Side::left ? Side::right : Side::left;
}
constexpr Side both_sides[] = {Side::left, Side::right};

/// One T for each side.
template <class T> struct Both {
    T left {}, right {};
    constexpr T& operator[](Side side) noexcept { return side == Side::left ? left : right; }
    constexpr const T& operator[](Side side) const noexcept
    {
        return side == Side::left ? left : right;
    }
    friend bool operator==(const Both&, const Both&) = default;
};

}  // namespace offlineimap::sync
