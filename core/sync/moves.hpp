// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <set>

namespace offlineimap::sync {

/// Turns copies and removals that are two halves of a move into moves: by what the repository
/// says (Message::origin), then by content. Sizes and headers are asked for only where one side
/// has both newcomers and losses.
void find_moves(SyncContext& context, Plan& plan);

/// Which pairs have newcomers that are compared by content.
struct Lookup {
    std::set<PairIndex> unknown;    ///< no record at all: both sides may have the same mail already
    std::set<PairIndex> unsettled;  ///< storing was not seen to end there
};

/// Turns copies in both directions that are one message into twins; where one was carried to
/// another folder since its storing was not seen to end, into a move.
void find_twins(SyncContext& context, const Lookup& lookup, Plan& plan);

}  // namespace offlineimap::sync
