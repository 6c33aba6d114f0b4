// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace offlineimap::core {

/// What mbsync knows of one pair of folders: `.mbsyncstate` in the Maildir, or a file of its state
/// directory. Its "far" side is the server, its "near" side the Maildir.
struct MbsyncState {
    std::filesystem::path file;
    std::string far_validity, near_validity;
    std::vector<std::pair<std::string, std::string>> pairs;  ///< UIDs: far, near
    bool unfinished = false;  ///< a run of mbsync was interrupted: its journal lies beside
};

/// Nothing where there is no such file, or it is none of mbsync's.
[[nodiscard]] std::optional<MbsyncState> read_mbsync_state(const std::filesystem::path& file);

/// The UIDVALIDITY that mbsync gave a Maildir; empty: none.
[[nodiscard]] std::string mbsync_validity(const std::filesystem::path& maildir);

/// The UID that mbsync wrote into a file's name (`,U=7`); empty: none.
[[nodiscard]] std::string mbsync_uid(const std::string& file_name);

/// The state of the Maildir whose folder is called `name`, in it or in one of the directories.
/// It has to know both sides under the UIDVALIDITY that they have.
[[nodiscard]] std::optional<MbsyncState> find_mbsync_state(
    const std::filesystem::path& maildir, const std::string& name, const std::string& far_validity,
    const std::vector<std::filesystem::path>& directories);

}  // namespace offlineimap::core
