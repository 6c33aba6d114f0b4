// SPDX-License-Identifier: Apache-2.0
#include "second_look.hpp"

namespace offlineimap::sync {

bool SecondLook::put_off(Plan& plan)
{
    waiting_.clear();
    std::erase_if(plan.removals, [&](const Removal& removal) {
        if (removal.awaits_folder) {
            waiting_.insert(removal.pair);
            return true;
        }
        if (removal.carried || removal.now == removal.marks) return false;
        if (!found_.emplace(removal.pair, removal.id.right).second) return false;
        waiting_.insert(removal.pair);
        return true;
    });
    return !waiting_.empty();
}

void SecondLook::finish()
{
    for (const PairIndex pair : waiting_)
        context_.report.hold_back(pair);
}

}  // namespace offlineimap::sync
