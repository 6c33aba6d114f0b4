// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace offlineimap::core {

/// A file of the original's as it was when we had last to do with it.
struct SeenFile {
    std::uint64_t size = 0;
    std::int64_t time = 0;  ///< of its last change, in nanoseconds since 1970
    std::string digest;     ///< SHA-256 of what it holds, hexadecimal; empty: not looked at
    bool stale = false;     ///< a conversion was writing it: never to be believed

    friend bool operator==(const SeenFile&, const SeenFile&) = default;
};

/// Which status store an account used last, and how it left those that others may have used since:
/// <metadata>/Account-<name>/LocalStatus-history.
struct StatusHistory {
    using Files = std::map<std::string, SeenFile>;  ///< by folder

    std::string store;                    ///< the store's type
    std::int64_t time = 0;                ///< when this was written, in nanoseconds since 1970
    std::map<std::string, Files> others;  ///< by the store's type

    friend bool operator==(const StatusHistory&, const StatusHistory&) = default;
};

/// nullopt: there is none. Throws corrupt.
[[nodiscard]] std::optional<StatusHistory> read_history(const std::filesystem::path& file);
/// On the disk, whole, when this returns.
void write_history(const std::filesystem::path& file, const StatusHistory& history);

[[nodiscard]] std::string to_text(const StatusHistory& history);
[[nodiscard]] std::optional<StatusHistory> history_from(std::string_view text);

/// Size and time; nullopt: there is no such file.
[[nodiscard]] std::optional<SeenFile> look_at(const std::filesystem::path& file);
/// The digest as well.
[[nodiscard]] std::string digest_of(const std::filesystem::path& file);

}  // namespace offlineimap::core
