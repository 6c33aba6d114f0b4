// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <optional>

namespace offlineimap::sync {

/// How many messages of one folder a run may remove on one side.
struct DeleteBudget {
    std::optional<std::uint64_t> most;  ///< messages; not set: `percent` decides
    unsigned percent = 50;              ///< of the folder, where it has `from` messages or more
    std::uint64_t from = 20;
    bool unlimited() const noexcept { return !most && percent >= 100; }
};

/// The account's, and those of its repositories that have one of their own.
struct DeleteBudgets {
    DeleteBudget account;
    Both<std::optional<DeleteBudget>> repository;
    const DeleteBudget& of(Side side) const
    {
        return repository[side] ? *repository[side] : account;
    }
};

/// Reads "25", "25%", "100%" (no limit). Throws config.
DeleteBudget parse_budget(const std::string& text);

/// Takes removals that exceed the budget out of the plan, to those that are held back, folder by
/// folder, reports each, and says how to approve them: a mistake must not empty a mailbox. Where
/// most folders would be emptied, however small they are, nothing is removed. Moves are no
/// removals; trash and junk folders do not count.
void guard(SyncContext& context, const DeleteBudgets& budgets, Plan& plan);

/// The command, for a shell, that does the same once more without regard for the budget.
std::string approval_command(const SyncContext& context, const DeleteBudgets& budgets);

}  // namespace offlineimap::sync
