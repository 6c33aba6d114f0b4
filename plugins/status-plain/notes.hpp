// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "frame_log.hpp"

#include <offlineimap/status.hpp>

#include <map>
#include <mutex>
#include <optional>

namespace offlineimap::status_plain {

/// The notes of an account: a log of ours, read once and kept in memory. Thread-safe.
class Notes {
public:
    struct Paths {
        std::filesystem::path file, beside;
    };

    explicit Notes(status::Durability durability) : durability_(durability) { }

    /// `paths` are the same in every call.
    [[nodiscard]] std::vector<Note> all(const Paths& paths);
    void put(const Paths& paths, std::span<const Note> notes);
    void forget(const Paths& paths, std::string_view folder);

private:
    using Key = std::pair<std::string, std::string>;  ///< folder, name

    /// False: there is no file, and none was to be made.
    enum class Missing : std::uint8_t { leave, create };
    bool open(const Paths& paths, Missing missing);
    bool take(std::string_view frame);
    void put_open(const Paths& paths, std::span<const Note> notes);
    void compact_if_large(const Paths& paths);

    status::Durability durability_;
    std::mutex mutex_;
    std::optional<FrameLog> log_;
    std::map<Key, std::string> notes_;
    std::uint64_t live_bytes_ = 0;
};

}  // namespace offlineimap::status_plain
