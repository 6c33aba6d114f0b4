// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database.hpp"

#include <offlineimap/status.hpp>

#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace offlineimap::status_sqlite {

/// The notes of an account: a file of ours beside the original's folder, made by the first put().
/// Thread-safe.
class Notes {
public:
    explicit Notes(Durability durability) : durability_(durability) { }

    /// `file` is the same in every call.
    [[nodiscard]] std::vector<Note> all(const std::filesystem::path& file);
    void put(const std::filesystem::path& file, std::span<const Note> notes);
    void forget(const std::filesystem::path& file, std::string_view folder);

private:
    /// Null: there is none, and none was to be made.
    enum class Missing : std::uint8_t { leave, create };
    Database* open(const std::filesystem::path& file, Missing missing);

    Durability durability_;
    std::mutex mutex_;
    std::optional<Database> database_;
};

}  // namespace offlineimap::status_sqlite
