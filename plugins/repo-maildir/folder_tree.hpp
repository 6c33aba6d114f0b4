// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "listing.hpp"
#include "options.hpp"

#include <offlineimap/repository.hpp>

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace offlineimap::maildir {

/// The epoch of every folder, as the original has it: an id in a Maildir is never given anew.
inline constexpr const char* maildir_epoch = "42";

/// One folder: what never changes about it, and the names its files had when last looked at.
/// Sessions share it; the names are used with `mutex` held.
struct Folder {
    FolderIndex index = 0;
    std::string name;  ///< also the directory below the root
    FolderPath path;
    std::string md5;         ///< of its visible name
    std::uint32_t salt = 0;  ///< Options::listing_salt, and the visible name

    std::mutex mutex;
    std::optional<NameIndex> names;
    std::uint64_t listings = 0;          ///< how many were begun
    std::uint64_t listing_of_names = 0;  ///< which of them `names` come from
    bool tmp_swept = false;              ///< stale files have been looked for
};

/// The folders below one root and their numbering. Thread-safe; Folders live as long as it does.
class FolderTree {
public:
    explicit FolderTree(const Options& options) : options_(options) { }

    /// The names that the marks in file names are made from; without it, the folders' own. Before
    /// anything else.
    using Naming = std::function<std::string(const std::string& name)>;
    void use_visible_names(Naming visible) { visible_name_ = std::move(visible); }

    /// Every folder on disk with its token. Throws not_found with Scope::repository when the root
    /// is not there.
    std::vector<FolderInfo> discover();
    /// The same, for this plugin's own use: nobody was told.
    std::vector<FolderInfo> look();
    /// A listing of the folder ended with this token.
    void tell(const Folder& folder, const std::string& token);
    /// The folders that are not as they were last told, an empty path for those that came or went.
    std::vector<FolderPath> untold();
    /// Makes what is missing of it. Throws rejected for a path that has no place here.
    FolderInfo create(const FolderPath& path);
    /// Removes its messages and directories, and nothing else that lies there.
    void erase(const FolderPath& path);

    /// Throws not_found for a number that was never given.
    Folder& at(FolderIndex index);
    /// The folder whose files carry this mark.
    std::optional<FolderIndex> with_mark(std::string_view md5) const;

private:
    Folder& folder_of(const std::string& name);
    bool is_known(const std::string& name) const;
    void check(const FolderPath& path) const;
    std::uint32_t salt_of(const Folder& folder, int parent, const std::string& directory) const;
    std::optional<FolderInfo>
    look_at(int parent, const std::string& directory, const std::string& name);

    void discover_flat(const Descriptor& root, std::vector<FolderInfo>& found);
    struct Ancestor;
    void discover_nested(
        const Descriptor& directory, const std::string& name, const Ancestor* parent,
        std::vector<FolderInfo>& found);

    const Options& options_;
    Naming visible_name_;
    mutable std::mutex mutex_;
    std::deque<Folder> folders_;
    std::map<std::string, FolderIndex, std::less<>> by_name_, by_md5_;
    std::map<std::string, std::string, std::less<>> told_;  ///< tokens, by name
};

}  // namespace offlineimap::maildir
