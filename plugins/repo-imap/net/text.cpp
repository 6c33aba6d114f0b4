// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <algorithm>
#include <system_error>

namespace offlineimap::imap {

std::string errno_text(int error)
{
    return in_lower_case(std::system_category().message(error));
}

std::string in_lower_case(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    return result;
}

std::string in_upper_case(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    });
    return result;
}

}  // namespace offlineimap::imap
