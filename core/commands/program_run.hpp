// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/cli/command_line.hpp"
#include "core/run/program.hpp"
#include "core/run/wake_up.hpp"

#include <functional>

namespace offlineimap::core {

/// Reads the configuration, starts the interface and the logs, heeds signals, and does `work` in
/// the middle of that. Returns the exit code: the worst failure that was posted, or 128 + the
/// signal that ended it. Throws Error.
int run_program(const CommandLine& line, const std::function<void(const Program&, WakeUp&)>& work);

}  // namespace offlineimap::core
