// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <optional>
#include <span>
#include <vector>

namespace offlineimap::sync {

/// Whether a message is there, as far as the server says.
struct Claim {
    std::optional<Marks> marks;    ///< if it is
    std::optional<Error> unknown;  ///< why that could not be found out
};

/// Asks the right side about messages. Throws what its sessions throw.
std::vector<Claim> look_up_claims(SyncContext& context, std::span<const MessageRef> messages);

}  // namespace offlineimap::sync
