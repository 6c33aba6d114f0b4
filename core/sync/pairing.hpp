// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_pair.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace offlineimap::sync {

/// Which folders of a side take part, and what they are called on the other side.
struct FolderRules {
    std::function<bool(const FolderInfo&)> accepts;  ///< not set: all
    /// In a run that looks at some folders only (-f) `accepts` is about these, and this about those
    /// that any other run would look at. Not set: the same.
    std::function<bool(const FolderInfo&)> belongs;
    /// Not set: the other side's `origin` says it, else the path is the same.
    std::function<FolderPath(const FolderInfo&)> translate;
    /// Turns `translate` round: the folder here, in this side's separator, that has this path on
    /// the other side; nothing: it takes no part.
    std::function<std::optional<FolderPath>(const FolderPath&, const std::string& separator)>
        origin;
    std::string separator;  ///< where it is known without a folder; empty: as the folders say
    /// Positions in a list of these folders, the first to be synchronised in front; not set: INBOX
    /// first.
    std::function<std::vector<std::size_t>(const std::vector<FolderInfo>&)> order;
    bool folds_inbox = true;       ///< INBOX is one folder here however it is written
    bool folds_case = false;       ///< names that differ in case alone are one folder here
    bool subscribed_only = false;  ///< folders that are there and not subscribed to stay out
    bool create = true;            ///< folders that this side lacks may be made on it
};

/// A folder that one side lacks.
struct WantedFolder {
    Side on = Side::left;
    FolderPath path;
    std::string name;
    std::string status_name;  ///< the pair's
    bool may_be_made = true;  ///< see FolderRules::create
};

struct Pairing {
    std::vector<FolderPair> pairs;
    std::vector<WantedFolder> wanted;
    std::vector<std::string> warnings;
};

/// Puts the folders of both sides together. Throws config when two folders of one side would be
/// kept equal to the same one of the other. `known`: the folders that have records. One that a side
/// lacks is among the pairs although the run looks at others, or although it may not be made there:
/// what was in it may be in others.
Pairing pair_folders(
    const Both<std::vector<FolderInfo>>& folders, const Both<FolderRules>& rules,
    const Both<std::string>& repositories, const std::set<std::string>& known = {});

/// The file base name under which the original keeps what belongs to a folder.
std::string file_name(std::string name);
/// For its records: components joined as the original does.
std::string status_name(const FolderPath& local);

}  // namespace offlineimap::sync
