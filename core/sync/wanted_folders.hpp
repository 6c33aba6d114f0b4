// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "account_sync.hpp"
#include "approval.hpp"
#include "context.hpp"

namespace offlineimap::sync {

/// The folders that one side lacks: in the order of the functions, they are made again, unless it
/// looks as if the side had lost them by mistake.
class WantedFolders {
public:
    WantedFolders(
        const SyncRules& rules, SyncContext& context, StatusStore& store,
        std::vector<WantedFolder> wanted);

    /// Throws stopped.
    void refuse_if_most_are_gone();
    void forget_records();
    /// `approval`: nullptr, or what may be made.
    void create(Approval* approval);

private:
    FolderPair& find(const WantedFolder& wanted);
    void create(const WantedFolder& wanted, Approval* approval);
    void make(const WantedFolder& wanted, PairIndex index);

    const SyncRules& rules_;
    SyncContext& context_;
    StatusStore& store_;
    const std::vector<WantedFolder> wanted_;
};

}  // namespace offlineimap::sync
