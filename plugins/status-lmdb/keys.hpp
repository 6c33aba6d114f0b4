// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The keys of the one table; docs/formats.md describes them.

namespace offlineimap::status_lmdb {

inline constexpr std::string_view version_key = "version";
/// The number that the next new folder gets.
inline constexpr std::string_view next_key = "count";

[[nodiscard]] std::string folder_key(std::string_view folder);
inline constexpr std::string_view folder_prefix = "f";

/// What stands under a folder's key.
struct FolderEntry {
    std::uint64_t number = 0;
    std::uint64_t records = 0;
};
[[nodiscard]] std::string pack(const FolderEntry& entry);
[[nodiscard]] std::optional<FolderEntry> unpack_folder(std::string_view value);

[[nodiscard]] std::string notes_prefix(std::string_view folder);
[[nodiscard]] std::string note_key(std::string_view folder, std::string_view name);
inline constexpr std::string_view all_notes_prefix = "n";
/// Folder and name; the value is empty.
[[nodiscard]] std::optional<Note> note_of(std::string_view key);

/// What all records of a folder begin with; after it, a record's key has the size of the id in two
/// bytes and the id, so that the order of keys is that of ids.
[[nodiscard]] std::string records_prefix(std::uint64_t folder);
void append_id(std::string& key, const MessageId& id);
/// The id in what follows the prefix.
[[nodiscard]] std::optional<std::string_view> id_of(std::string_view rest);

}  // namespace offlineimap::status_lmdb
