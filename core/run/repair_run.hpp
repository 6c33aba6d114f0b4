// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "program.hpp"

#include "core/repair/account_repair.hpp"

namespace offlineimap::core {

/// `offlineimap repair`: for each chosen account, under its lock, moves aside what cannot be read
/// of its state and makes its records anew. What fails is said; nothing is thrown but for config.
/// The root of the local Maildir in `rules` is filled in.
void repair_accounts(const Program& program, const RepairRules& rules);

}  // namespace offlineimap::core
