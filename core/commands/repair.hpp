// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cli/sub_command.hpp"

namespace offlineimap::core {

/// `offlineimap repair`: makes the kept state right again.
[[nodiscard]] SubCommand repair_command() noexcept;

}  // namespace offlineimap::core
