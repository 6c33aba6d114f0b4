// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <span>

namespace offlineimap::sync {

/// Carries marks over to the sides that lack them and records what both have then. An edit of which
/// one side failed leaves the record as it was: the next run tries again. `edits` are sorted by
/// pair; several folders are done at once where there are sessions for it.
void edit_messages(SyncContext& context, std::span<const Edit> edits);

/// Edits messages that have no record yet.
void edit_unrecorded(SyncContext& context, std::span<const Edit> edits);

/// Removes messages on the side that still has them, then their records. Only ids of this epoch
/// are touched: the repository sees to that.
void remove_messages(SyncContext& context, std::span<const Removal> removals);

/// Lets one side follow moves that were made on the other, without a text going over the wire.
/// Returns the edits that the moved messages need, and announces what a crash would leave unclear.
std::vector<Edit> move_messages(SyncContext& context, Side on, std::span<const Transfer> transfers);

}  // namespace offlineimap::sync
