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
};

/// Reads "25", "25%", "100%" (no limit). Throws config.
DeleteBudget parse_budget(const std::string& text);

/// Takes removals that exceed the budget out of the plan, to those that are held back, folder by
/// folder, and reports each: a mistake must not empty a mailbox. Moves are no removals; trash and
/// junk folders do not count.
void guard(SyncContext& context, const DeleteBudget& budget, Plan& plan);

}  // namespace offlineimap::sync
