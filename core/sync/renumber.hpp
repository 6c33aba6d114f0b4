// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <map>
#include <set>

namespace offlineimap::sync {

/// The messages of one folder of a left side that takes ids, by the ids they have.
struct Renumbering {
    FolderIndex folder = 0;
    std::set<MessageId> present;
    std::map<MessageId, MessageId> wanted;  ///< those not in it shall have no id any more
};

/// Gives every message the id it shall have, although another one may have that still: one after
/// the other as ids become free, and where they wait for each other in a circle by way of none.
/// Returns each old id with the new one. Throws Error{Scope::folder} when a message refuses.
std::map<MessageId, MessageId> renumber(SyncContext& context, const Renumbering& renumbering);

}  // namespace offlineimap::sync
