// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cli/command_line.hpp"

namespace offlineimap::core {

/// `--plan-json FILE`: a dry run whose plan becomes a file. Returns the exit code. Throws Error.
int run_plan_json(CommandLine line);

/// `--apply FILE`: does what such a file says, where nothing changed since.
int run_apply(CommandLine line);

}  // namespace offlineimap::core
