// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

// A message's file name is `<stem>,U=<uid>,FMD5=<md5 of the folder's visible name>:2,<letters>`.
// Everything before the info part (`:2,…`) is its base: it stays when flags change. A file that
// somebody else made has only a stem, and perhaps no info part.

namespace offlineimap::maildir {

enum class InfoSeparator : char { colon = ':', exclamation = '!' };

/// Views into a file name.
struct NameParts {
    std::string_view base;
    bool has_info = false;
    std::string_view letters;  ///< behind `:2,`
    std::string_view tail;     ///< what follows the letters; nobody's, kept as it is
};

/// Both separators are understood, so that switching the setting does not make flags vanish.
[[nodiscard]] NameParts split_name(std::string_view name, InfoSeparator preferred) noexcept;

/// The marks in a base, ours or another folder's.
struct Marks {
    std::uint64_t uid = 0;  ///< 0 = none
    std::string_view md5;   ///< empty = none
};
[[nodiscard]] Marks find_marks(std::string_view base) noexcept;

/// `,U=<uid>,FMD5=<md5>`
[[nodiscard]] std::string marks(std::uint64_t uid, std::string_view md5);
/// The base without any `,U=<digits>` and `,FMD5=<hex>`.
[[nodiscard]] std::string without_marks(std::string_view base);

/// A base with another info part.
[[nodiscard]] std::string
with_info(std::string_view base, InfoSeparator separator, std::string_view letters_and_tail);

/// Makes stems that no other delivery uses: `<sec>_<seq>.<pid>.<hostname>`. Thread-safe.
class StemMaker {
public:
    StemMaker();
    /// With the present second.
    std::string next();
    /// With the second of the message's date.
    std::string next(std::chrono::sys_seconds date);
    /// Whether a process on this host made the file (under this or an older process number).
    bool is_ours(std::string_view name) const noexcept;

private:
    std::string stem(std::int64_t second, std::uint64_t sequence) const;

    std::string host_;
    std::mutex mutex_;
    std::int64_t second_ = 0;
    std::uint64_t sequence_ = 0;
    std::uint64_t dated_sequence_ = 0;
};

}  // namespace offlineimap::maildir
