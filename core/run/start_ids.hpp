// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/account.hpp"
#include "core/sync/account_sync.hpp"

namespace offlineimap::core {

/// What the original wants to know of a side with `startdate`, else it refuses to go on with a
/// folder that is not empty: the lowest id that was synchronised, 1 if there was none. Written once
/// for each folder, to <metadata>/Repository-<name>/StartUID/<folder>. Throws io.
void keep_start_ids(
    const AccountSettings& account, const sync::SyncRules& rules, const sync::SyncResult& result,
    StatusStore& store);

}  // namespace offlineimap::core
