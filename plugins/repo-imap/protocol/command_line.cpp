// SPDX-License-Identifier: Apache-2.0
#include "command_line.hpp"

#include <algorithm>

namespace offlineimap::imap {

namespace {

/// RFC 3501 quoted holds TEXT-CHARs alone: 7 bits, no line end, no NUL.
bool may_be_quoted(std::string_view text) noexcept
{
    return text.size() < 1000 && std::all_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f;
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
    if (may_be_quoted(text)) {
        parts_.back() += " \"";
        for (const char c : text) {
            if (c == '"' || c == '\\') parts_.back() += '\\';
            parts_.back() += c;
        }
        parts_.back() += '"';
        return *this;
    }
    return raw(' ' + literal_header(mode_, text.size()) + "\r\n").literal_text(text);
}

CommandLine& CommandLine::literal_text(std::string_view text)
{
    if (!goes_without_waiting(mode_, text.size())) parts_.emplace_back();
    parts_.back() += text;
    return *this;
}

}  // namespace offlineimap::imap
