// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace offlineimap::imap {

/// The pieces one after the other.
template <class... Pieces> [[nodiscard]] std::string joined(const Pieces&... pieces)
{
    std::string all;
    (all.append(std::string_view(pieces)), ...);
    return all;
}

/// "connection refused".
[[nodiscard]] std::string errno_text(int error);
/// ASCII letters in lower or upper case, everything else as it is.
[[nodiscard]] std::string in_lower_case(std::string_view text);
[[nodiscard]] std::string in_upper_case(std::string_view text);

}  // namespace offlineimap::imap
