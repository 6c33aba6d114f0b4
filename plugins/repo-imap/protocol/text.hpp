// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace offlineimap::imap {

[[nodiscard]] constexpr bool is_control(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
/// ASCII letters compare without case, as all names in IMAP do.
[[nodiscard]] bool same_text(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] std::string upper_case(std::string_view text);

/// RFC 3501 atom: what may stand without quotes.
[[nodiscard]] bool is_atom(std::string_view text) noexcept;

/// What a server said, fit for a message: control characters become blanks, the rest of a long text
/// dots.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 300);

}  // namespace offlineimap::imap
