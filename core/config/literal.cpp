// SPDX-License-Identifier: Apache-2.0
#include "literal.hpp"

#include "values.hpp"

#include "core/text/strings.hpp"

#include <charconv>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace offlineimap::core {

namespace {

std::string utf8(std::uint32_t code)
{
    const auto tail = [&](unsigned shift) {
        return static_cast<char>(0x80 | ((code >> shift) & 0x3f));
    };
    if (code < 0x80) return {static_cast<char>(code)};
    if (code < 0x800) return {static_cast<char>(0xc0 | (code >> 6)), tail(0)};
    if (code < 0x10000) return {static_cast<char>(0xe0 | (code >> 12)), tail(6), tail(0)};
    return {static_cast<char>(0xf0 | (code >> 18)), tail(12), tail(6), tail(0)};
}

/// Reads from the front of a source; nullopt wherever the source is no literal of ours.
class LiteralReader {
public:
    explicit LiteralReader(std::string_view source) : rest_(source) { }

    std::optional<offlineimap::Value> read()
    {
        const bool is_literal = read_value();
        skip_blanks();
        if (!is_literal || !rest_.empty()) return std::nullopt;
        return std::move(value_);
    }

private:
    // Each of these sets the value, or answers false.

    bool read_value()
    {
        skip_blanks();
        if (take("[")) return read_list(']');
        if (take("(")) return read_list(')');
        if (auto text = read_strings()) {
            value_ = std::move(*text);
            return true;
        }
        return read_word();
    }

    bool read_word()
    {
        const auto word = trimmed(std::exchange(rest_, {}));
        const auto number = parse_integer(word);
        if (number)
            value_ = *number;
        else if (word == "True" || word == "False")
            value_ = word == "True";
        return number || word == "True" || word == "False" || word == "None";
    }

    bool read_list(char end)
    {
        std::vector<std::string> items;
        bool comma = false;
        for (;;) {
            skip_blanks();
            if (take({&end, 1})) break;
            if (!items.empty() && !comma) return false;
            auto item = read_strings();
            if (!item) return false;
            items.push_back(std::move(*item));
            skip_blanks();
            comma = take(",");
        }
        // One string in parentheses is that string, not a tuple.
        if (end == ')' && items.size() == 1 && !comma)
            value_ = std::move(items.front());
        else
            value_ = std::move(items);
        return true;
    }

    /// Strings that stand side by side are one.
    std::optional<std::string> read_strings()
    {
        auto all = read_string();
        while (all) {
            skip_blanks();
            auto next = read_string();
            if (!next) break;
            *all += *next;
        }
        return all;
    }

    std::optional<std::string> read_string()
    {
        const auto before = rest_;
        const bool raw = take("r") || take("R");
        if (!raw && !take("u")) take("b");
        for (const std::string_view quote : {"\"\"\"", "'''", "\"", "'"}) {
            if (!take(quote)) continue;
            auto text = read_until(quote, raw ? Escapes::kept : Escapes::replaced);
            if (text) return text;
            break;
        }
        rest_ = before;
        return std::nullopt;
    }

    enum class Escapes { kept, replaced };

    std::optional<std::string> read_until(std::string_view quote, Escapes escapes)
    {
        std::string text;
        while (!rest_.empty()) {
            if (take(quote)) return text;
            if (quote.size() == 1 && rest_.front() == '\n') return std::nullopt;
            if (rest_.front() != '\\' || rest_.size() == 1) {
                text += rest_.front();
                rest_.remove_prefix(1);
            } else if (escapes == Escapes::kept) {
                text += rest_.substr(0, 2);
                rest_.remove_prefix(2);
            } else {
                rest_.remove_prefix(1);
                auto character = read_escape();
                if (!character) return std::nullopt;
                text += *character;
            }
        }
        return std::nullopt;
    }

    /// After the backslash. A letter that means nothing stays, with its backslash.
    std::optional<std::string> read_escape()
    {
        constexpr std::string_view letters = "\\'\"abfnrtv";
        constexpr std::string_view meant = "\\'\"\a\b\f\n\r\t\v";
        const char letter = rest_.front();
        rest_.remove_prefix(1);
        if (letter == '\n') return std::string();  // a line that goes on
        if (const auto at = letters.find(letter); at != std::string_view::npos)
            return std::string(1, meant[at]);
        if (letter == 'x') return read_code(2);
        if (letter == 'u') return read_code(4);
        if (letter == 'U') return read_code(8);
        if (letter == 'N') return std::nullopt;
        if (letter < '0' || letter > '7') return std::string {'\\', letter};
        auto code = static_cast<std::uint32_t>(letter - '0');
        for (int more = 0; more < 2 && !rest_.empty(); ++more) {
            if (rest_.front() < '0' || rest_.front() > '7') break;
            code = code * 8 + static_cast<std::uint32_t>(rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return utf8(code);
    }

    std::optional<std::string> read_code(std::size_t digits)
    {
        const auto text = rest_.substr(0, digits);
        std::uint32_t code = 0;
        const char* end = text.data() + text.size();
        const auto [stop, failure] = std::from_chars(text.data(), end, code, 16);
        if (text.size() < digits || failure != std::errc() || stop != end || code > 0x10ffff)
            return std::nullopt;
        rest_.remove_prefix(digits);
        return utf8(code);
    }

    void skip_blanks() { rest_.remove_prefix(rest_.size() - left_trimmed(rest_).size()); }

    static std::string_view left_trimmed(std::string_view text)
    {
        const auto begin = text.find_first_not_of(" \t\r\n\f");
        return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
    }

    bool take(std::string_view token)
    {
        if (!rest_.starts_with(token)) return false;
        rest_.remove_prefix(token.size());
        return true;
    }

    std::string_view rest_;
    offlineimap::Value value_;
};

}  // namespace

std::optional<offlineimap::Value> python_literal(std::string_view source)
{
    return LiteralReader(source).read();
}

}  // namespace offlineimap::core
