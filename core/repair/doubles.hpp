// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sync/context.hpp"

namespace offlineimap::core {

/// Messages of one folder of one side with the same text, in the listing's order.
using Doubles = std::vector<std::vector<sync::Entry>>;

/// Compares sizes, then headers, then texts, each of fewer messages. Throws what ends the account.
Doubles find_doubles(
    sync::SyncContext& context, sync::PairIndex pair, sync::Side side,
    const std::vector<sync::Entry>& messages);

}  // namespace offlineimap::core
