// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include "text.hpp"

#include <algorithm>

namespace offlineimap::imap {

namespace {

constexpr std::size_t longest_quoted = 1000;

/// RFC 3501 quoted holds TEXT-CHARs alone: 7 bits, no line end, no NUL.
bool may_be_quoted(std::string_view text) noexcept
{
    return text.size() < longest_quoted && std::all_of(text.begin(), text.end(), [](char c) {
               return !is_control(c) && static_cast<unsigned char>(c) < 0x80;
           });
}

}  // namespace

std::string literal_header(LiteralMode mode, std::uint64_t size)
{
    return '{' + std::to_string(size) + (goes_without_waiting(mode, size) ? "+}" : "}");
}

CommandLine& CommandLine::raw(std::string_view text)
{
    parts_.back() += text;
    return *this;
}

CommandLine& CommandLine::string(std::string_view text)
{
    return raw(" ").bare_string(text);
}

CommandLine& CommandLine::bare_string(std::string_view text)
{
    if (may_be_quoted(text)) return quoted(text);
    return raw(literal_header(mode_, text.size()) + "\r\n").literal_text(text);
}

CommandLine& CommandLine::bare_utf8_string(std::string_view text)
{
    if (text.size() < longest_quoted && std::none_of(text.begin(), text.end(), is_control))
        return quoted(text);
    return bare_string(text);
}

CommandLine& CommandLine::quoted(std::string_view text)
{
    auto& part = parts_.back();
    part += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') part += '\\';
        part += c;
    }
    part += '"';
    return *this;
}

CommandLine& CommandLine::literal_text(std::string_view text)
{
    if (!goes_without_waiting(mode_, text.size())) parts_.emplace_back();
    parts_.back() += text;
    return *this;
}

}  // namespace offlineimap::imap
