// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <offlineimap/repository.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace offlineimap::imap {

/// The folders that are watched, and what of them has been noticed and not yet been told.
class WatchList {
public:
    struct Entry {
        FolderIndex index = 0;
        std::string wire;
        FolderPath path;
        MailboxStatus known, announced;
        bool touched = false;
    };

    /// `paths` empty: every folder that the table holds. One it does not hold is reported as not
    /// found by throwing.
    WatchList(Context& context, std::span<const FolderPath> paths);

    [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }
    [[nodiscard]] bool has_news() const noexcept { return news_; }
    /// What a folder is like: touches it when that is not what was known.
    void seen(std::size_t at, const MailboxStatus& status);
    void seen(const MailboxStatus& status);
    void touch(std::size_t at);
    void touch(std::string_view wire);
    void touch_all();
    /// Some folder came or went.
    void touch_tree();
    /// Tells the sink and forgets.
    void report(WatchSink& sink);

private:
    Context& context_;
    std::vector<Entry> entries_;
    std::unordered_map<std::string, std::size_t> by_wire_;
    bool news_ = false, tree_touched_ = false;
};

}  // namespace offlineimap::imap
