// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/status.hpp>

#include <map>
#include <mutex>
#include <optional>

namespace offlineimap::core {

/// What a dry run writes is remembered here and nowhere else; what it reads comes from the real
/// store until then. What cannot be read there is as if it were not there.
class RehearsedStatus final : public StatusStore {
public:
    /// `real`: nullptr, or outlives it.
    explicit RehearsedStatus(StatusStore* real);

    std::vector<std::string> folders() override;
    std::unique_ptr<StatusFolder> open(std::string_view folder) override;
    void erase(std::string_view folder) override;
    std::vector<Note> notes() override;
    void put(std::span<const Note> notes) override;

private:
    class Folder;
    using Records = std::map<MessageId, Record>;
    Records& records(const std::string& folder);

    StatusStore* const real_;
    std::mutex mutex_;
    std::map<std::string, std::optional<Records>> folders_;  ///< nothing: not read yet
    std::map<std::pair<std::string, std::string>, std::string> notes_;
};

}  // namespace offlineimap::core
