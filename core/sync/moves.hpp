// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <set>

namespace offlineimap::core {

/// Turns copies and removals that are two halves of a move into moves: by what the repository
/// says (Message::origin), then by content. Sizes and headers are asked for only where one side
/// has both newcomers and losses.
void find_moves(SyncContext& context, Plan& plan);

/// Turns copies in both directions that are one message into twins. For pairs where storing was
/// not seen to end, and for a first run over folders that both have mail already.
void find_twins(SyncContext& context, const std::set<PairIndex>& pairs, Plan& plan);

}  // namespace offlineimap::core
