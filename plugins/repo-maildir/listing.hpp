// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "change_token.hpp"
#include "name_index.hpp"
#include "options.hpp"
#include "posix.hpp"

#include <string>
#include <string_view>

namespace offlineimap::maildir {

/// A folder's open directories. Moved away or replaced folders are noticed by the next to open.
struct Directories {
    std::string path;  ///< for messages
    Descriptor folder, fresh, cur;

    int at(Subdirectory where) const noexcept
    {
        return where == Subdirectory::cur ? cur.get() : fresh.get();
    }
};

/// Opens `directory` below the root; the empty one is the root itself. Throws not_found.
[[nodiscard]] Directories open_directories(const Options& options, const std::string& directory);

[[nodiscard]] FolderStamps stamps_of(const Directories& directories);

/// What a folder held. Reads directories alone, no file.
struct Listing {
    NameIndex names;
    FolderStamps stamps;
    /// Nothing changed during the listing, and nothing can change later without other stamps.
    bool settled = false;
    std::uint64_t number = 0;  ///< Folder::listings, this one among them
};

/// A file that a mail reader renames meanwhile is never missed: if anything might have changed, the
/// directories are read again, and what any reading saw counts.
[[nodiscard]] Listing list_folder(
    const Directories& directories, std::string_view md5, const Options& options,
    const Cancel& cancel);

}  // namespace offlineimap::maildir
