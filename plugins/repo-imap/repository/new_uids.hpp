// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_table.hpp"

#include <offlineimap/repository.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// RFC 4315: what a server says of the UIDs of messages that it has just stored. One that is wrong
// and believed makes a message stand for another, so what does not fit is not believed: then the
// message is found by its content.

namespace offlineimap::imap {

struct AppendedUids {
    std::string validity;
    std::vector<Uid> uids;  ///< in the order of the messages
};
/// Of the arguments of APPENDUID; empty unless they name as many messages, in rising order.
[[nodiscard]] AppendedUids appended_uids(std::string_view arguments, std::size_t messages);

struct CopiedUids {
    std::string validity;
    std::vector<std::pair<Uid, Uid>> uids;  ///< old and new
};
/// Of the arguments of COPYUID, the first `limit`; empty where some are left out or named twice:
/// nobody could tell which belong together.
[[nodiscard]] CopiedUids copied_uids(std::string_view arguments, std::size_t limit);

/// Whether the core may know them: they are of the epoch that it knows, and can be new.
[[nodiscard]] bool are_believed(
    FolderTable& folders, FolderIndex folder, const std::string& validity,
    std::span<const Uid> uids);

}  // namespace offlineimap::imap
