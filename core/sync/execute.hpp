// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

namespace offlineimap::sync {

/// Does what the plan says: records of what is equal already, copies, moves, updates, then
/// removals. Each batch is recorded when both sides have it durably.
void execute(SyncContext& context, Plan plan);

}  // namespace offlineimap::sync
