// SPDX-License-Identifier: Apache-2.0
#include "rc_syntax.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace offlineimap::core {

namespace {

/// A blank of Python's str.strip() at the begin of `text`: its length in bytes, or 0. Text that was
/// copied from a web page has blanks that do not break lines.
std::size_t leading_blank(std::string_view text)
{
    const char c = text.front();
    if ((c >= '\t' && c <= '\r') || (c >= '\x1c' && c <= ' ')) return 1;
    for (const std::string_view blank : {"\xc2\x85", "\xc2\xa0"})
        if (text.starts_with(blank)) return 2;
    for (const std::string_view blank :
         {"\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f",
          "\xe3\x80\x80"})
        if (text.starts_with(blank)) return 3;
    const bool en_quad_to_hair_space = text.size() > 2 && text.starts_with("\xe2\x80")
        && static_cast<unsigned char>(text[2]) <= 0x8a;
    return en_quad_to_hair_space ? 3 : 0;
}

std::size_t trailing_blank(std::string_view text)
{
    for (std::size_t length = 1; length <= 3 && length <= text.size(); ++length)
        if (leading_blank(text.substr(text.size() - length)) == length) return length;
    return 0;
}

struct Line {
    std::string_view text;   ///< without blanks at both ends
    std::size_t indent = 0;  ///< blanks before the text, in characters
};

std::string_view without_trailing_blanks(std::string_view text)
{
    while (!text.empty()) {
        const auto blank = trailing_blank(text);
        if (blank == 0) break;
        text.remove_suffix(blank);
    }
    return text;
}

Line stripped(std::string_view text)
{
    Line line;
    while (!text.empty()) {
        const auto blank = leading_blank(text);
        if (blank == 0) break;
        text.remove_prefix(blank);
        ++line.indent;
    }
    line.text = without_trailing_blanks(text);
    return line;
}

class RcParser {
public:
    explicit RcParser(std::string_view file) : file_(file)
    {
        result_.defaults = {.title = "DEFAULT", .name = "DEFAULT", .where = {}};
    }

    RcFile parse(std::string_view text);

private:
    void read_line(std::string_view text);
    void begin_section(std::string_view line);
    void read_option(std::string_view line);
    void append_to_value(std::string_view line);
    void finish_value();
    std::string where() const { return concat(file_, ":", std::to_string(line_number_)); }
    [[noreturn]] void fail(std::string_view what) const
    {
        throw Error(Errc::config, concat(where(), ": ", what));
    }
    Section& section() { return in_defaults_ ? result_.defaults : result_.sections.back(); }

    std::string_view file_;
    RcFile result_;
    std::size_t line_number_ = 0;
    std::size_t indent_ = 0;
    bool in_section_ = false, in_defaults_ = false, in_value_ = false, outside_told_ = false;
};

/// The next line without its end (LF, CR or CRLF), taken off the front of `rest`.
std::string_view take_line(std::string_view& rest)
{
    const auto end = rest.find_first_of("\r\n");
    const auto line = rest.substr(0, end);
    if (end == std::string_view::npos)
        rest = {};
    else
        rest.remove_prefix(end + (rest.substr(end).starts_with("\r\n") ? 2 : 1));
    return line;
}

RcFile RcParser::parse(std::string_view text)
{
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // byte order mark
    std::vector<std::string> problems;
    while (!text.empty()) {
        ++line_number_;
        try {
            read_line(take_line(text));
        } catch (const Error& error) {
            problems.emplace_back(error.what());
        }
    }
    if (!problems.empty()) throw Error(Errc::config, join(problems, "\n"));
    finish_value();
    return std::move(result_);
}

void RcParser::read_line(std::string_view text)
{
    const auto line = stripped(text);
    if (line.text.starts_with('#') || line.text.starts_with(';')) return;
    if (line.text.empty()) {
        if (in_value_) append_to_value({});
        return;
    }
    if (in_value_ && line.indent > indent_) {
        append_to_value(line.text);
        return;
    }
    finish_value();
    indent_ = line.indent;
    if (line.text.starts_with('[') && line.text.rfind(']') != std::string_view::npos
        && line.text.rfind(']') > 1)
        begin_section(line.text);
    else
        read_option(line.text);
}

void RcParser::begin_section(std::string_view line)
{
    const auto name = line.substr(1, line.rfind(']') - 1);
    in_section_ = true;
    in_defaults_ = name == "DEFAULT";
    if (in_defaults_) {
        result_.defaults.where = where();
        return;
    }
    const auto earlier = std::ranges::find(result_.sections, name, &Section::name);
    const auto first = earlier == result_.sections.end() ? std::string() : earlier->where;
    result_.sections.push_back(
        {.title = std::string(name), .name = std::string(name), .where = where()});
    if (!first.empty())
        fail(concat("section [", name, "] is there a second time, first at ", first));
}

void RcParser::read_option(std::string_view line)
{
    if (!in_section_) {
        if (std::exchange(outside_told_, true)) return;
        fail("an option before the first [section]");
    }
    const auto delimiter = line.find_first_of("=:");
    if (delimiter == std::string_view::npos)
        fail("expected \"option = value\"");  // the line itself may be part of a password
    const auto name = lower(without_trailing_blanks(line.substr(0, delimiter)));
    if (name.empty()) fail("expected a name before the delimiter");
    auto& options = section().options;
    const auto earlier = std::ranges::find(options, name, &Entry::name);
    const auto first = earlier == options.end() ? std::string() : earlier->value.where;
    const auto value = stripped(line.substr(delimiter + 1)).text;
    options.push_back({name, {.text = std::string(value), .where = where()}});
    in_value_ = true;
    if (!first.empty())
        fail(concat("[", section().title, "] ", name, " is set a second time, first at ", first));
}

void RcParser::append_to_value(std::string_view line)
{
    section().options.back().value.text.append("\n").append(line);
}

/// Empty lines belong to a value only if more of it follows.
void RcParser::finish_value()
{
    if (!in_value_) return;
    auto& text = section().options.back().value.text;
    text.resize(without_trailing_blanks(text).size());
    in_value_ = false;
}

}  // namespace

RcFile parse_rc(std::string_view text, std::string_view file)
{
    return RcParser(file).parse(text);
}

}  // namespace offlineimap::core
