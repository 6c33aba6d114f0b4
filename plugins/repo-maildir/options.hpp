// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "file_name.hpp"
#include "flag_letters.hpp"

#include <offlineimap/plugin.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace offlineimap::maildir {

enum class Flush : std::uint8_t { no, yes };
enum class AccessTime : std::uint8_t { left_to_the_system, kept };
enum class FileTime : std::uint8_t { received, date_header };
enum class KeywordFile : std::uint8_t { none, dovecot };
enum class StemTime : std::uint8_t { now, date_header };

struct Options {
    std::filesystem::path root;
    std::string separator = ".";
    InfoSeparator info_separator = InfoSeparator::colon;
    FlagLetters letters;  ///< those of every folder
    KeywordFile keyword_file = KeywordFile::none;
    Flush flush = Flush::yes;
    AccessTime access_time = AccessTime::left_to_the_system;
    FileTime file_time = FileTime::received;
    StemTime stem_time = StemTime::now;
    /// Changes with every setting that decides what a listing says: part of the change tokens.
    std::uint32_t listing_salt = 0;
};

/// A salt that changes with the text, too.
[[nodiscard]] std::uint32_t salted(std::uint32_t salt, std::string_view text) noexcept;

/// Throws config for what makes no sense.
[[nodiscard]] Options read_options(const Settings& settings);

}  // namespace offlineimap::maildir
