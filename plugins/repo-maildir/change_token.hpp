// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "options.hpp"

#include <cstdint>
#include <string>
#include <sys/stat.h>

// A directory's times tell whether a name in it came, went or changed, and that is all that can
// happen to a Maildir: messages never change. But file systems keep time in ticks (a timer's, 4 to
// 10 ms; a whole second on old ones), so a second change within the tick of the first leaves no
// trace. Times are trusted only when the last change lies clearly before the moment of looking.

namespace offlineimap::maildir {

struct DirectoryStamp {
    std::uint64_t inode = 0;
    std::int64_t modified = 0, changed = 0;  ///< nanoseconds since 1970
    friend bool operator==(const DirectoryStamp&, const DirectoryStamp&) = default;
};

struct FolderStamps {
    DirectoryStamp fresh, cur;
    friend bool operator==(const FolderStamps&, const FolderStamps&) = default;
};

[[nodiscard]] DirectoryStamp stamp_of(const struct stat& facts) noexcept;

/// Whether a change made at `now` (the file system's clock, nanoseconds) or later is sure to leave
/// other stamps than these.
[[nodiscard]] bool settled(const FolderStamps& stamps, std::int64_t now) noexcept;

/// The stamps as a change token. `salt` stands for whatever else decides what a listing says.
[[nodiscard]] std::string token_of(const FolderStamps& stamps, std::uint32_t salt);

/// The time that a change in a directory of this file system would carry now. For a file system
/// with a clock of its own (network, FUSE) that is asked with a short-lived file in `tmp`; where
/// this fails, and for the common local ones, it is the system's clock.
[[nodiscard]] std::int64_t file_system_time(int folder);
[[nodiscard]] std::int64_t system_time() noexcept;

}  // namespace offlineimap::maildir
