// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <functional>
#include <span>

namespace offlineimap::sync {

/// A pair of which at least one side has to tell what changed.
struct Inquiry {
    PairIndex pair = 0;
    Both<bool> ask;
    Both<std::string> epoch;  ///< as kept; empty = never seen
};

/// Takes a pair's two listings; called for one pair at a time, from any thread.
using ListingsReady = std::function<void(const Inquiry&, Both<Listing>)>;

/// Asks both sides at once, all folders in one go, and passes each pair on as soon as both sides
/// have told, so that only what is still incomplete is held. A folder that fails is reported and
/// not passed on. Throws what ends the account.
void gather(SyncContext& context, std::span<const Inquiry> inquiries, const ListingsReady& ready);

}  // namespace offlineimap::sync
