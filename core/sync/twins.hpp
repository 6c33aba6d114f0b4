// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <set>

namespace offlineimap::sync {

/// Which pairs have newcomers that are compared by content.
struct Lookup {
    std::set<PairIndex> unknown;    ///< no record at all: both sides may have the same mail already
    std::set<PairIndex> unsettled;  ///< storing was not seen to end there
    std::map<PairIndex, Both<Parted>> parted;
};

/// Finds copies in both directions that are one message, stored by a run that was not seen to end,
/// and makes twins of them.
void find_twins(SyncContext& context, const Lookup& lookup, Plan& plan);

/// The same where one of the two was carried to another folder since: the other one follows; a side
/// that cannot move gives up its old place first and gets the message anew. After find_moves():
/// what is a move by its record is not looked for here.
void find_carried(SyncContext& context, const Lookup& lookup, Plan& plan);

}  // namespace offlineimap::sync
