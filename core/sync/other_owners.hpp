// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "account_sync.hpp"

namespace offlineimap::sync {

/// Throws config where a folder is another account's, too: each of the two would take the other's
/// mail for new, or for removed.
void refuse_folders_of_others(const SyncRules& rules, const std::vector<FolderPair>& pairs);

}  // namespace offlineimap::sync
