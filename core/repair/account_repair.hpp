// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sync/account_sync.hpp"

#include <filesystem>

namespace offlineimap::core {

/// What `offlineimap repair` may do.
struct RepairRules {
    enum class Doubles : std::uint8_t { explain, remove };
    Doubles doubles = Doubles::explain;
    std::filesystem::path local_root;                  ///< of the Maildirs; empty: no Maildir
    std::vector<std::filesystem::path> mbsync_states;  ///< directories that may hold its state
};

/// Makes the records of an account right from the mail on both sides, by ids where the folder is
/// the one that they belong to, by what mbsync kept, then by content. No text goes to the other
/// side and nothing is deleted, but for doubles where that is asked for: what is on one side only
/// is left for the next run. In a dry run (SyncRules) `store` is one that keeps nothing, and
/// nothing else is written either. Says what it does and what fails; throws Error{cancelled} alone.
void repair_account(
    const sync::SyncRules& rules, const RepairRules& repair,
    const sync::Both<sync::SessionPool*>& sessions, StatusStore& store, sync::Events& events,
    sync::StopSigns& stop);

}  // namespace offlineimap::core
