// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

namespace offlineimap::sync {

/// Turns copies and removals that are two halves of a move into moves: by what the repository
/// says (Message::origin), then by content. Sizes and headers are asked for only where one side
/// has both newcomers and losses. Where the other side cannot move, the removal is marked as one
/// that loses nothing.
void find_moves(SyncContext& context, Plan& plan);

/// A copy replaces a message that the side it goes to has elsewhere, with marks `there`: what was
/// edited on either side since `base` survives on both.
void carry_marks(
    SyncContext& context, Plan& plan, std::size_t copy, const Marks& base, const Marks& there);

}  // namespace offlineimap::sync
