// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <map>
#include <vector>

namespace offlineimap::sync {

/// The messages of folders that could not be put together again, on both sides.
using InDoubt = std::map<PairIndex, Both<std::vector<Entry>>>;

/// Takes those copies out of the plan whose message such a folder of the side they go to has: it
/// may have been carried away on the other side. They wait until the folder is certain; it is said.
void put_off_what_is_in_doubt(SyncContext& context, const InDoubt& in_doubt, Plan& plan);

/// The same for copies to a side on which a message could not be looked at (Plan::unseen): each may
/// be that one under another name, and waits for another pass, with what is removed for its sake.
void put_off_what_may_be_unseen(SyncContext& context, Plan& plan);

}  // namespace offlineimap::sync
