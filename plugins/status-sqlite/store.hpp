// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-status/letters.hpp"
#include "notes.hpp"

#include <offlineimap/status.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::status_sqlite {

/// Keeps an account's memory in the files of the original: one SQLite file a folder in
/// LocalStatus-sqlite, named as the folder. Beside that folder lies a file of ours for the notes.
class SqliteStore final : public StatusStore, public StatusFiles {
public:
    explicit SqliteStore(Host& host);

    std::vector<std::string> folders() override;
    std::unique_ptr<StatusFolder> open(std::string_view folder) override;
    void erase(std::string_view folder) override;
    std::vector<Note> notes() override;
    void put(std::span<const Note> notes) override;
    void* facet(std::string_view name) noexcept override;
    std::filesystem::path file(std::string_view folder) const override;

private:
    [[nodiscard]] std::filesystem::path directory() const;
    [[nodiscard]] std::filesystem::path notes_file() const;

    Host& host_;
    Durability durability_;
    status::Letters letters_;
    Notes notes_;
};

}  // namespace offlineimap::status_sqlite
