// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cli/sub_command.hpp"

namespace offlineimap::core {

/// `offlineimap plugins`: what is installed, from the plugins' constant data.
[[nodiscard]] SubCommand plugins_command() noexcept;

}  // namespace offlineimap::core
