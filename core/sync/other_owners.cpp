// SPDX-License-Identifier: Apache-2.0
#include "other_owners.hpp"

namespace offlineimap::sync {

void refuse_folders_of_others(const SyncRules& rules, const std::vector<FolderPair>& pairs)
{
    for (const FolderPair& pair : pairs) {
        const auto owner = rules.other_owners.find(pair.status_name);
        if (owner == rules.other_owners.end()) continue;
        throw Error(
            Errc::config,
            "account " + rules.account + ": the local folder " + pair.status_name
                + " is kept equal by the account " + owner->second
                + ", too, and the two would mix their mail; nothing was done. Keep them apart with "
                  "folderfilter or nametrans, or give each of them a localfolders of its own. If "
                + owner->second
                + " has left the folder, remove what it keeps of it, "
                  "in its folder of the metadata directory");
    }
}

}  // namespace offlineimap::sync
