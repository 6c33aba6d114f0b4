// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "account_plan.hpp"

#include <map>
#include <set>

namespace offlineimap::sync {

/// A plan that the user has seen, and that is to be done as it stands: what is planned anew is done
/// only where it is the same, action by action.
class Approval {
public:
    /// `approved` outlives it.
    Approval(SyncContext& context, const AccountPlan& approved);

    bool allows_making(PairIndex pair, Side side);
    /// Takes out of the plan what was not approved, says it, and holds those pairs back.
    void restrict(Plan& plan);
    /// The same for a pass that ends what the first one began: what only writes records, or
    /// repeats what was approved, may be done.
    void restrict_sequel(Plan& plan);
    /// Says what was approved and is not to be done any more, and fails if there is such.
    void finish();

private:
    struct Approved {
        const PlannedFolder* folder = nullptr;
        const PlannedAction* action = nullptr;
        bool planned_anew = false;
    };
    using Key = std::pair<std::string, std::string>;  ///< the folder's memory, the action's words

    bool allows(PairIndex pair, const PlannedAction& action);
    bool is_same_folder(PairIndex pair, const PlannedFolder& folder) const;
    template <class Item> void keep_allowed(std::vector<Item>& items);
    void say_new(PairIndex pair, const PlannedAction& action);
    /// Of a message that is copied to a folder which the plan makes it does not matter which of its
    /// marks that folder can keep: who has made it knows.
    std::string key_words(const std::string& memory, PlannedAction action) const;

    SyncContext& context_;
    const AccountPlan& approved_;
    const Describe describe_;
    std::multimap<Key, Approved> actions_;
    std::set<std::string> made_;  ///< memories of the folders that the plan makes
};

}  // namespace offlineimap::sync
