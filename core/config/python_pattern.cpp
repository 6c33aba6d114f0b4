// SPDX-License-Identifier: Apache-2.0
#include "folder_patterns.hpp"
#include "python_tree.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <re2/re2.h>

namespace offlineimap::core::python {

namespace {

constexpr std::string_view digits = "\\p{Nd}";
constexpr std::string_view word = "\\p{L}\\p{N}_";
constexpr std::string_view blanks = "\\t-\\r\\x1c-\\x20\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}"
                                    "\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}";

/// Python's classes know every letter and digit of Unicode, RE2's those of ASCII alone.
class Translator {
public:
    explicit Translator(std::string_view expression) : rest_(expression) { }

    std::string translate()
    {
        while (!rest_.empty()) {
            if (rest_.starts_with("{,")) throw TooMuch();  // to RE2 a text, to Python {0,
            const char c = next();
            if (c == '\\')
                add_escape();
            else if (c == '[')
                add_class();
            else
                result_ += c;
        }
        return std::move(result_);
    }

private:
    char next()
    {
        if (rest_.empty()) throw TooMuch();
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    void add_escape()
    {
        switch (const char c = next()) {
        case 'd':
            result_ += digits;
            return;
        case 'D':
            result_ += "\\P{Nd}";
            return;
        case 'w':
            result_ += concat("[", word, "]");
            return;
        case 'W':
            result_ += concat("[^", word, "]");
            return;
        case 's':
            result_ += concat("[", blanks, "]");
            return;
        case 'S':
            result_ += concat("[^", blanks, "]");
            return;
        case 'Z':
            result_ += "\\z";
            return;
        default:
            add_plain_escape(c, "Aafnrtvx");
        }
    }

    /// Everything else that is a letter or a digit is unknown to one of the two, or not the same.
    void add_plain_escape(char c, std::string_view letters)
    {
        const bool special =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (special && letters.find(c) == std::string_view::npos) throw TooMuch();
        result_.append({'\\', c});
    }

    void add_class()
    {
        result_ += '[';
        if (rest_.starts_with('^')) result_ += next();
        if (rest_.starts_with(']')) result_ += next();
        for (char c = next(); c != ']'; c = next()) {
            if (c == '[' && rest_.starts_with(':')) throw TooMuch();  // to RE2 a class by name
            if (c == '\\')
                add_escape_in_class();
            else
                result_ += c;
        }
        result_ += ']';
    }

    void add_escape_in_class()
    {
        const char c = next();
        if (c == 'd')
            result_ += digits;
        else if (c == 'D')
            result_ += "\\P{Nd}";
        else if (c == 'w')
            result_ += word;
        else if (c == 's')
            result_ += blanks;
        else
            add_plain_escape(c, "afnrtvx");
    }

    std::string_view rest_;
    std::string result_;
};

}  // namespace

std::string Pattern::for_re2() const
{
    auto expression = concat(ignores_case ? "(?i)" : "", Translator(text).translate());
    try {
        static_cast<void>(compiled_pattern(expression, ""));
    } catch (const Error&) {
        throw TooMuch();
    }
    return expression;
}

}  // namespace offlineimap::core::python
