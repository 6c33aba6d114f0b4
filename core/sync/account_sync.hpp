// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "account_plan.hpp"
#include "events.hpp"
#include "guard.hpp"
#include "pairing.hpp"
#include "report.hpp"
#include "sessions.hpp"
#include "stop_signs.hpp"
#include "validity.hpp"

#include <offlineimap/status.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <set>

namespace offlineimap::sync {

/// What the configuration says of one account, as far as the algorithm is concerned.
struct SyncRules {
    enum class Mode : std::uint8_t { full, quick };  ///< quick: blind to remote flag changes

    std::string account;
    Typed typed = {};  ///< for commands in messages
    Both<std::string> repositories;
    Both<SideRules> sides;
    Both<FolderRules> folders;
    Both<std::filesystem::path> state;  ///< each repository's directory in the metadata tree
    DeleteBudget budget;
    Both<std::optional<DeleteBudget>> repository_budget;  ///< in place of `budget` on that side
    DeleteBudgets budgets() const { return {budget, repository_budget}; }
    Mode mode = Mode::full;
    enum class Reach : std::uint8_t { all_folders, chosen_ones };  ///< chosen for this run: -f
    Reach reach = Reach::all_folders;
    bool dry_run = false;
    Flush flush = Flush::yes;  ///< of what the algorithm itself writes
    /// Only the folders with these paths, on the side where something happened in them.
    std::optional<Both<std::set<FolderPath>>> touched;
    Sizes sizes = Sizes::leave_out;         ///< in the plan of a dry run
    const AccountPlan* approved = nullptr;  ///< all that may be done; nullptr: whatever is planned
    /// The accounts that have records of the same local folders, by FolderPair::status_name.
    std::map<std::string, std::string> other_owners = {};
};

/// How it went with one pair of folders.
struct FolderOutcome {
    bool looked_at = true;    ///< false: the run was limited to others
    bool unfinished = false;  ///< something is left for the next run
    std::string failure;      ///< why, where that was said
};

struct SyncResult {
    Counts counts;
    std::vector<Errc> failures;           ///< one for each failure that was said
    std::vector<FolderPair> pairs;        ///< the folders that are kept equal
    AccountPlan plan;                     ///< of a dry run
    std::vector<FolderOutcome> outcomes;  ///< one for each pair
    std::string failure;                  ///< what ended the account's run; empty = nothing
    std::vector<NewMail> new_mail;
};

/// One run of an account. Says what fails through `events` and goes on with the rest; what ends the
/// account is said too. Throws Error{cancelled} alone. Sessions stay open in their pools.
SyncResult sync_account(
    const SyncRules& rules, const Both<SessionPool*>& sessions, StatusStore& store, Events& events,
    StopSigns& stop);

}  // namespace offlineimap::sync
