// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sync/context.hpp"

#include <string>
#include <vector>

namespace offlineimap::core {

/// The sizes of messages on one side, in their order; empty where one is not there.
std::vector<std::string> message_sizes(
    sync::SyncContext& context, sync::PairIndex pair, sync::Side side,
    const std::vector<MessageId>& ids);

}  // namespace offlineimap::core
