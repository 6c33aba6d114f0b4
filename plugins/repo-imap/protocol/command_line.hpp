// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::imap {

/// Which literals the server takes without being asked (RFC 7888).
enum class LiteralMode : std::uint8_t { synchronising, minus, plus };

/// Largest literal that LITERAL- sends without waiting.
inline constexpr std::uint64_t literal_minus_limit = 4096;

[[nodiscard]] constexpr bool goes_without_waiting(LiteralMode mode, std::uint64_t size) noexcept
{
    return mode == LiteralMode::plus || (mode == LiteralMode::minus && size <= literal_minus_limit);
}

/// `{42}` or `{42+}`
[[nodiscard]] std::string literal_header(LiteralMode mode, std::uint64_t size);

/// A command without its tag, in parts: before each but the first, the server must say "go ahead".
class CommandLine {
public:
    CommandLine(LiteralMode mode, std::string_view text) : mode_(mode), parts_ {std::string(text)}
    {
    }
    /// As it is, no blank before it.
    CommandLine& raw(std::string_view text);
    /// A blank, then a quoted string, or a literal where the bytes do not allow one.
    CommandLine& string(std::string_view text);
    /// The same without the blank.
    CommandLine& bare_string(std::string_view text);
    /// Without the blank, quoted although it holds UTF-8 (RFC 6855 section 3).
    CommandLine& bare_utf8_string(std::string_view text);
    /// The text of a literal whose header, with its line end, has been written.
    CommandLine& literal_text(std::string_view text);
    [[nodiscard]] const std::vector<std::string>& parts() const noexcept { return parts_; }

private:
    CommandLine& quoted(std::string_view text);

    LiteralMode mode_;
    std::vector<std::string> parts_;
};

}  // namespace offlineimap::imap
