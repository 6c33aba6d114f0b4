// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cli/sub_command.hpp"

namespace offlineimap::core {

/// The sub-commands, in the order in which --help lists them. Each is a file of this folder; a new
/// one is one more line in the table.
[[nodiscard]] std::span<const SubCommand> sub_commands() noexcept;

/// Runs `offlineimap NAME ARGUMENTS...`. Returns the exit code. Throws Error, UsageError.
int run_command(const SubCommand& command, std::span<const char* const> arguments);

/// `offlineimap help [COMMAND]`. Throws UsageError.
int print_help(std::span<const char* const> words);

/// `offlineimap` without a sub-command.
int run_plainly(std::span<const char* const> arguments);

}  // namespace offlineimap::core
