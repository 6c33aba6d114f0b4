// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_tree.hpp"

#include <map>
#include <set>
#include <span>

namespace offlineimap::maildir {

/// Reports by inotify(7) what happens in folders; see Session::watch(). One thread at a time.
class FolderWatch {
public:
    /// Watches from here on. `folders` empty: all. Throws io when the system has no inotify left.
    FolderWatch(FolderTree& tree, const Options& options, std::span<const FolderPath> folders);

    /// False: the system allows no more watches (fs.inotify.max_user_watches), so that changes in
    /// some folders are not seen.
    bool is_complete() const noexcept { return complete_; }

    /// Reports until `stop`; throws cancelled when `session` is requested.
    void run(WatchSink& sink, const Cancel& session, const Cancel& stop);

private:
    bool is_wanted(const FolderPath& path) const;
    void add_tree();
    void add(const std::filesystem::path& directory, std::uint32_t mask, const FolderPath& path);
    void report_untold(WatchSink& sink);
    /// The folders with news; an empty path stands for a folder that came or went.
    std::set<FolderPath> read_events();

    FolderTree& tree_;
    const Options& options_;
    const std::set<FolderPath> wanted_;
    Descriptor inotify_;
    std::map<int, FolderPath> watched_;
    bool complete_ = true;
};

}  // namespace offlineimap::maildir
