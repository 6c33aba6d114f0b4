// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cli/sub_command.hpp"

namespace offlineimap::core {

/// `offlineimap status`: how the last runs went, from what they noted.
[[nodiscard]] SubCommand status_command() noexcept;

}  // namespace offlineimap::core
