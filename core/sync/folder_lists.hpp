// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <map>

namespace offlineimap::sync {

/// The folders of both sides, as they were when the run began, and when its last pass did. One
/// thread at a time.
class FolderLists {
public:
    explicit FolderLists(SyncContext& context) : context_(context) { }

    /// Connects and lists both sides at once. Throws what a repository throws.
    void list();
    const Both<std::vector<FolderInfo>>& folders() const noexcept { return first_; }

    /// For another pass: asks for the folders' tokens again. False when there are folders now that
    /// this run does not know: something may have been carried there.
    bool list_again();
    /// As the last list_again() found it; empty = not known.
    std::string token(PairIndex pair, Side side) const;

private:
    void list(Side side);
    bool knows(Side side, const FolderInfo& folder) const;

    SyncContext& context_;
    Both<std::vector<FolderInfo>> first_;
    Both<std::map<FolderIndex, std::string>> tokens_;
};

}  // namespace offlineimap::sync
