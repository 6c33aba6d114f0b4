// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.hpp"

#include "core/sync/commands.hpp"

namespace offlineimap::core {

/// What of a command line has to be typed again for the same to be done: not how it is shown, nor
/// that it was only to be rehearsed. Files are absolute then. What -k set to a secret is named
/// only.
[[nodiscard]] sync::Typed typed(const CommandLine& line);

}  // namespace offlineimap::core
