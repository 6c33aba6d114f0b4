// SPDX-License-Identifier: Apache-2.0
#include "second_look.hpp"

#include <algorithm>

namespace offlineimap::sync {

bool SecondLook::put_off(Plan& plan)
{
    waiting_.clear();
    Both<std::optional<bool>> unlisted;
    bool again = false;
    std::erase_if(plan.removals, [&](const Removal& removal) {
        if (removal.carried || removal.now == removal.marks) return false;
        const Side mover = other(removal.from);
        const bool is_new = found_.emplace(removal.pair, removal.id.right).second;
        if (!is_new && !unlisted[mover]) unlisted[mover] = has_other_folders(mover);
        if (!is_new && !*unlisted[mover]) return false;
        again |= is_new;
        waiting_.insert(removal.pair);
        return true;
    });
    return again;
}

void SecondLook::finish()
{
    for (const PairIndex pair : waiting_)
        context_.report.hold_back(pair);
}

/// Folders that came after the run began: the next one looks into them.
bool SecondLook::has_other_folders(Side side)
{
    std::set<FolderPath> known;
    for (const FolderInfo& folder : folders_[side])
        known.insert(folder.path);
    for (const FolderPair& pair : context_.pairs)
        known.insert(pair.folder[side].path);
    std::vector<FolderInfo> now;
    with_session(
        *context_.sessions[side], [&](Session& session) { now = session.folders(); },
        [] { return false; });
    return std::any_of(now.begin(), now.end(), [&](const FolderInfo& folder) {
        return !known.contains(folder.path);
    });
}

}  // namespace offlineimap::sync
