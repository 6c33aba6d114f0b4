// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace offlineimap::imap {

/// Reads one response from its beginning to its end. The small literals of a response stand in it
/// as they came: `{3}`, line end, three bytes.
///
/// What is not as the grammar says throws Error{protocol}, with an excerpt.
class Cursor {
public:
    explicit Cursor(std::string_view text) : at_(text.data()), end_(at_ + text.size()) { }

    [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
    [[nodiscard]] char peek() const noexcept { return at_ == end_ ? '\0' : *at_; }
    [[nodiscard]] std::string_view rest() const noexcept
    {
        return {at_, static_cast<std::size_t>(end_ - at_)};
    }
    /// Continues behind what `rest()` was when it ended with `rest`.
    void back_to(std::string_view rest) noexcept { at_ = rest.data(); }

    bool take(char c) noexcept
    {
        if (at_ == end_ || *at_ != c) return false;
        ++at_;
        return true;
    }
    void expect(char c)
    {
        if (!take(c)) fail(c);
    }
    /// One blank by the grammar; some servers write several.
    void skip_blanks() noexcept
    {
        while (at_ != end_ && *at_ == ' ')
            ++at_;
    }

    /// RFC 9051 number64.
    std::uint64_t number();
    /// All up to a blank, a parenthesis or the end; may be empty. For atoms, flags and anything
    /// that servers write without quotes.
    std::string_view word() noexcept;
    /// The name of a msg-att: a word, but with the blanks inside BODY[HEADER.FIELDS (A B)].
    std::string_view item_name();
    /// RFC 3501 quoted, the backslashes taken out.
    std::string quoted();
    /// RFC 3501 literal, RFC 3516 literal8.
    std::string_view literal();
    /// RFC 3501 astring, and what servers take for one: anything up to a blank.
    std::string astring();
    /// RFC 3501 nstring.
    std::optional<std::string> nstring();
    /// The size of a literal that begins here, without taking it.
    [[nodiscard]] std::optional<std::uint64_t> literal_size() const noexcept;
    /// Passes over a value of any kind: word, string, list.
    void skip_value();

    [[noreturn]] void fail(char expected) const;

private:
    const char* at_;
    const char* end_;
};

/// The literal that the text ends with: `{42}`, `~{42}`, `{42+}`.
struct LiteralMark {
    std::uint64_t size = 0;
    std::size_t position = 0;  ///< of its first character
};
[[nodiscard]] std::optional<LiteralMark> literal_mark(std::string_view text) noexcept;

}  // namespace offlineimap::imap
