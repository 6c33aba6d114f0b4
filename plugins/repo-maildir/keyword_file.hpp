// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "posix.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// Dovecot's file dovecot-keywords in a folder: a line "<0 to 25> <keyword>" for each of the letters
// a to z that stands for one there. Mail readers that know the file show the keywords.

namespace offlineimap::maildir {

/// Keywords by letter; empty = free.
using KeywordNames = std::array<std::string, 26>;

/// What is in the file; nothing where there is none. Lines that make no sense are passed over.
[[nodiscard]] KeywordNames read_keyword_names(const Descriptor& folder);

/// Writes each of `keywords` that has no letter to the file under the first one that is free there
/// and in `reserved`; those that find none are left out. Returns what the file has then. Under
/// Dovecot's own lock; durable on return. Throws.
KeywordNames add_keyword_names(
    const Descriptor& folder, std::string_view path, std::span<const std::string> keywords,
    const KeywordNames& reserved);

/// Changes whenever the file does.
[[nodiscard]] std::uint32_t salted_with_keyword_names(std::uint32_t salt, int folder) noexcept;

}  // namespace offlineimap::maildir
