// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include "text.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace offlineimap::maildir {
namespace {

constexpr std::string_view keyword_option = "customflag_";

std::array<std::string, 26> keywords(const Settings& settings)
{
    std::array<std::string, 26> keywords;
    for (std::size_t i = 0; i < keywords.size(); ++i) {
        const char letter = static_cast<char>('a' + i);
        const std::string name = concat(keyword_option, std::string_view(&letter, 1));
        if (settings.has(name)) keywords[i] = settings.text(name);
    }
    return keywords;
}

std::string separator(const Settings& settings)
{
    std::string text = settings.text("sep");
    if (text.empty() || (text != "/" && text.find('/') != std::string::npos)
        || text.find('\0') != std::string::npos)
        throw Error(
            Errc::config,
            concat(
                settings.where("sep"), ": the separator \"", text,
                "\" cannot be used: it is \"/\" or some text without \"/\""));
    return text;
}

std::filesystem::path root(const Settings& settings)
{
    std::filesystem::path path = settings.text("localfolders");
    if (path.empty())
        throw Error(
            Errc::config,
            concat(settings.where("localfolders"), ": the Maildir's place is an empty path"));
    // Without a separator at the end, so that parent_path() is the directory above.
    path = path.lexically_normal();
    return path.has_filename() || !path.has_relative_path() ? path : path.parent_path();
}

}  // namespace

std::uint32_t salted(std::uint32_t salt, std::string_view text) noexcept
{
    // FNV-1a, with the end of the text counted in.
    for (const char c : text)
        salt = (salt ^ static_cast<unsigned char>(c)) * 16777619U;
    return (salt ^ 0x100U) * 16777619U;
}

Options read_options(const Settings& settings)
{
    std::array<std::string, 26> names = keywords(settings);
    Options options {.root = root(settings), .separator = separator(settings), .letters = {}};
    options.listing_salt = salted(2166136261U, options.separator);
    for (const std::string& name : names)
        options.listing_salt = salted(options.listing_salt, name);
    options.letters = FlagLetters(std::move(names));
    if (settings.flag("maildir-windows-compatible"))
        options.info_separator = InfoSeparator::exclamation;
    if (settings.flag("dovecot-keywords")) {
        options.keyword_file = KeywordFile::dovecot;
        options.listing_salt = salted(options.listing_salt, "dovecot-keywords");
    }
    if (!settings.flag("fsync")) options.flush = Flush::no;
    if (settings.flag("restoreatime")) options.access_time = AccessTime::kept;
    if (settings.flag("utime_from_header")) options.file_time = FileTime::date_header;
    if (settings.flag("filename_use_mail_timestamp")) options.stem_time = StemTime::date_header;
    return options;
}

}  // namespace offlineimap::maildir
