// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "outcomes.hpp"

#include <span>

namespace offlineimap::sync {

/// Takes messages to that side's trash folder, which is made if it is missing and need not be one
/// that is synchronised. Where the side cannot move, each is copied, and removed when its copy is
/// there; notes tell a run that comes after a crash to look for the copy first. Throws what the
/// repository throws.
void take_to_trash(
    SyncContext& context, Side side, std::span<const Removal> removals, Outcomes& outcomes);

/// Takes back the notes of those that have gone, once that is recorded.
void forget_trashing(
    SyncContext& context, Side side, std::span<const Removal> removals, const Outcomes& outcomes);

}  // namespace offlineimap::sync
