// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

namespace offlineimap::sync {

/// Does what the plan says: records of what is equal already, copies, moves, updates, then
/// removals. Each batch is recorded when both sides have it durably.
void execute(SyncContext& context, Plan plan);

/// Says what the plan would do, message by message, and does nothing.
void print_plan(SyncContext& context, const Plan& plan);

}  // namespace offlineimap::sync
