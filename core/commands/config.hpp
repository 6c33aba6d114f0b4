// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cli/sub_command.hpp"

namespace offlineimap::core {

/// `offlineimap config check|convert`.
[[nodiscard]] SubCommand config_command() noexcept;

}  // namespace offlineimap::core
