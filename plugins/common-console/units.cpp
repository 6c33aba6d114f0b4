// SPDX-License-Identifier: Apache-2.0
#include "units.hpp"

namespace offlineimap::console {
namespace {

std::string two_digits(std::uint64_t number)
{
    return (number < 10 ? "0" : "") + std::to_string(number);
}

}  // namespace

std::string byte_text(std::uint64_t bytes)
{
    constexpr const char* units[] = {" B", " kB", " MB", " GB", " TB", " PB", " EB"};
    std::size_t unit = 0;
    std::uint64_t whole = bytes;
    std::uint64_t rest = 0;
    while (whole >= 1000) {
        rest = whole % 1000;
        whole /= 1000;
        ++unit;
    }
    std::string text = std::to_string(whole);
    if (unit > 0 && whole < 10) text += "." + std::to_string(rest / 100);
    return text + units[unit];
}

std::string duration_text(std::uint64_t seconds)
{
    const std::uint64_t hours = seconds / 3600;
    const std::uint64_t minutes = seconds / 60 % 60;
    std::string text =
        hours > 0 ? std::to_string(hours) + ":" + two_digits(minutes) : std::to_string(minutes);
    return text + ":" + two_digits(seconds % 60);
}

}  // namespace offlineimap::console
