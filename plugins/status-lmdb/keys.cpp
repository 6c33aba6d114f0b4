// SPDX-License-Identifier: Apache-2.0
#include "keys.hpp"

#include "common-status/packing.hpp"
#include "common-status/text.hpp"

namespace offlineimap::status_lmdb {

using status::concat;

std::string folder_key(std::string_view folder)
{
    return concat(folder_prefix, folder);
}

std::string pack(const FolderEntry& entry)
{
    std::string value;
    status::pack(value, entry.number);
    status::pack(value, entry.records);
    return value;
}

std::optional<FolderEntry> unpack_folder(std::string_view value)
{
    status::Unpacker unpacker(value);
    const auto number = unpacker.number(), records = unpacker.number();
    if (!number || !records || !unpacker.at_end()) return std::nullopt;
    return FolderEntry {*number, *records};
}

std::string notes_prefix(std::string_view folder)
{
    std::string key(all_notes_prefix);
    status::pack(key, folder);
    return key;
}

std::string note_key(std::string_view folder, std::string_view name)
{
    return notes_prefix(folder).append(name);
}

std::optional<Note> note_of(std::string_view key)
{
    status::Unpacker unpacker(key.substr(all_notes_prefix.size()));
    const auto folder = unpacker.text();
    if (!folder) return std::nullopt;
    return Note {std::string(*folder), std::string(unpacker.rest()), {}};
}

std::string records_prefix(std::uint64_t folder)
{
    std::string key = "r";
    for (int shift = 24; shift >= 0; shift -= 8)
        key += static_cast<char>(folder >> shift & 0xff);
    return key;
}

void append_id(std::string& key, const MessageId& id)
{
    key += static_cast<char>(id.value.size() >> 8 & 0xff);
    key += static_cast<char>(id.value.size() & 0xff);
    key += id.value;
}

std::optional<std::string_view> id_of(std::string_view rest)
{
    if (rest.size() < 2) return std::nullopt;
    const auto byte = [rest](std::size_t i) { return static_cast<unsigned char>(rest[i]); };
    if (rest.size() - 2 != (std::size_t {byte(0)} << 8 | byte(1))) return std::nullopt;
    return rest.substr(2);
}

}  // namespace offlineimap::status_lmdb
