// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/general.hpp"
#include "core/sync/account_sync.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace offlineimap::core {

/// When something last went well and what last went wrong, since then or before.
struct LastTimes {
    std::optional<std::chrono::sys_seconds> success, failure;
    std::string error;     ///< of the failure
    bool failing = false;  ///< the last run did not succeed; the times may be the same
};

/// How the last runs of an account went, for `offlineimap status`: `last-run.json` in the account's
/// folder in the metadata tree.
struct RunRecord {
    struct Folder : LastTimes {
        bool unfinished = false;  ///< something was left for the next run
    };
    LastTimes account;
    std::map<std::string, Folder> folders;  ///< by the remote folder's name

    /// What is not there, or cannot be read, is as if nothing had ever run.
    static RunRecord load(const std::filesystem::path& directory);
    /// Replaces the file. Throws io.
    void save(const std::filesystem::path& directory) const;
    /// Which folders the run might have looked at: all there are, or those that were chosen for it.
    enum class Reach : std::uint8_t { all_folders, chosen_ones };
    /// Adds what a run that ended at `now` did.
    void
    add(const sync::SyncResult& result, std::chrono::sys_seconds now,
        Reach reach = Reach::all_folders);
    /// The run did not even begin.
    void add_failure(const std::string& error, std::chrono::sys_seconds now);
};

/// Where an account's own state is, in the metadata tree.
[[nodiscard]] inline std::filesystem::path
account_directory(const GeneralSettings& general, const std::string& account)
{
    return general.metadata / ("Account-" + account);
}

}  // namespace offlineimap::core
