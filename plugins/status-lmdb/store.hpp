// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "environment.hpp"

#include <offlineimap/status.hpp>

#include <memory>
#include <mutex>

namespace offlineimap::status_lmdb {

/// Keeps an account's memory in one LMDB environment, LocalStatus-lmdb.
class LmdbStore final : public StatusStore {
public:
    explicit LmdbStore(Host& host);

    std::vector<std::string> folders() override;
    std::unique_ptr<StatusFolder> open(std::string_view folder) override;
    void erase(std::string_view folder) override;
    std::vector<Note> notes() override;
    void put(std::span<const Note> notes) override;

private:
    [[nodiscard]] std::filesystem::path directory() const;
    /// Null: there is none, and none was to be made.
    enum class Missing : std::uint8_t { leave, create };
    Environment* environment(Missing missing);
    [[nodiscard]] status::Descriptor hold(std::string_view folder) const;

    Host& host_;
    status::Durability durability_;
    std::mutex opening_;
    std::unique_ptr<Environment> environment_;
};

}  // namespace offlineimap::status_lmdb
