// SPDX-License-Identifier: Apache-2.0
#include "cursor.hpp"

#include "text.hpp"

#include <offlineimap/error.hpp>

#include <charconv>

namespace offlineimap::imap {

namespace {

/// Lists within lists that anything IMAP defines can need, with room.
constexpr unsigned max_depth = 40;

constexpr bool ends_word(char c) noexcept
{
    return c == ' ' || c == '(' || c == ')';
}

}  // namespace

void Cursor::fail(char expected) const
{
    throw Error(
        Errc::protocol,
        std::string("read the server's answer: expected \"") + expected + "\" at \""
            + printable(rest(), 60) + "\"");
}

std::uint64_t Cursor::number()
{
    std::uint64_t value = 0;
    const auto [next, error] = std::from_chars(at_, end_, value);
    if (error != std::errc {}) fail('0');
    at_ = next;
    return value;
}

std::string_view Cursor::word() noexcept
{
    const char* begin = at_;
    while (at_ != end_ && !ends_word(*at_))
        ++at_;
    return {begin, static_cast<std::size_t>(at_ - begin)};
}

std::string_view Cursor::item_name()
{
    const char* begin = at_;
    while (at_ != end_ && !ends_word(*at_)) {
        if (*at_++ != '[') continue;
        while (at_ != end_ && *at_ != ']')
            ++at_;
    }
    if (at_ == begin) fail('A');
    return {begin, static_cast<std::size_t>(at_ - begin)};
}

std::string Cursor::quoted()
{
    expect('"');
    std::string text;
    while (at_ != end_ && *at_ != '"') {
        if (*at_ == '\\' && at_ + 1 != end_) ++at_;
        text += *at_++;
    }
    expect('"');
    return text;
}

std::optional<std::uint64_t> Cursor::literal_size() const noexcept
{
    if (peek() != '{' && peek() != '~') return std::nullopt;
    const auto text = rest();
    const auto line_end = text.find('}');
    if (line_end == std::string_view::npos) return std::nullopt;
    const auto mark = literal_mark(text.substr(0, line_end + 1));
    if (!mark || mark->position != 0) return std::nullopt;
    return mark->size;
}

std::string_view Cursor::literal()
{
    const auto size = literal_size();
    if (!size) fail('{');
    while (*at_++ != '}') { }
    take('\r');
    expect('\n');
    if (static_cast<std::uint64_t>(end_ - at_) < *size) fail('{');
    const std::string_view text {at_, static_cast<std::size_t>(*size)};
    at_ += *size;
    return text;
}

std::string Cursor::astring()
{
    if (peek() == '"') return quoted();
    if (literal_size()) return std::string(literal());
    const char* begin = at_;
    while (at_ != end_ && *at_ != ' ')
        ++at_;
    return {begin, at_};
}

std::optional<std::string> Cursor::nstring()
{
    if (peek() == '"') return quoted();
    if (literal_size()) return std::string(literal());
    const auto text = word();
    if (same_text(text, "NIL")) return std::nullopt;
    return std::string(text);
}

void Cursor::skip_value()
{
    unsigned depth = 0;
    do {
        skip_blanks();
        if (take('(')) {
            if (++depth > max_depth) fail(')');
        } else if (depth > 0 && take(')')) {
            --depth;
        } else if (peek() == '"') {
            (void)quoted();
        } else if (literal_size()) {
            (void)literal();
        } else if (word().empty()) {
            fail(')');
        }
    } while (depth > 0);
}

std::optional<LiteralMark> literal_mark(std::string_view text) noexcept
{
    if (text.empty() || text.back() != '}') return std::nullopt;
    const auto open = text.rfind('{');
    if (open == std::string_view::npos) return std::nullopt;
    auto digits = text.substr(open + 1, text.size() - open - 2);
    if (!digits.empty() && (digits.back() == '+' || digits.back() == '-')) digits.remove_suffix(1);
    LiteralMark mark;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), mark.size);
    if (error != std::errc {} || end != digits.data() + digits.size()) return std::nullopt;
    mark.position = open > 0 && text[open - 1] == '~' ? open - 1 : open;
    return mark;
}

}  // namespace offlineimap::imap
