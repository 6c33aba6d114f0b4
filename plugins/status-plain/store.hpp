// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "notes.hpp"
#include "writer.hpp"

#include "common-status/letters.hpp"

#include <offlineimap/status.hpp>

namespace offlineimap::status_plain {

/// Keeps an account's memory in the text files of the original: one a folder in LocalStatus, named
/// as the folder. What has no place there is in files of ours in a directory beside it.
class PlainStore final : public StatusStore, public StatusFiles {
public:
    explicit PlainStore(Host& host);

    std::vector<std::string> folders() override;
    std::unique_ptr<StatusFolder> open(std::string_view folder) override;
    void erase(std::string_view folder) override;
    std::vector<Note> notes() override;
    void put(std::span<const Note> notes) override;
    void* facet(std::string_view name) noexcept override;
    std::filesystem::path file(std::string_view folder) const override;

private:
    [[nodiscard]] std::filesystem::path originals() const;
    [[nodiscard]] std::filesystem::path ours() const;
    [[nodiscard]] FolderPaths paths(std::string_view folder) const;
    [[nodiscard]] Notes::Paths notes_paths() const;
    void create_directories() const;
    [[nodiscard]] bool is_leftover(const std::filesystem::path& file) const;

    Host& host_;
    status::Durability durability_;
    status::Letters letters_;
    Notes notes_;
};

}  // namespace offlineimap::status_plain
