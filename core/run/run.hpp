// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "program.hpp"
#include "wake_up.hpp"

namespace offlineimap::core {

/// Synchronises the chosen accounts, as many at once as the configuration allows; they do not wait
/// for each other. Returns when all are done.
void run_accounts(const Program& program, WakeUp& wake_up);

/// `--info`: what the repositories of the chosen accounts are and can do, and how their folders
/// are put together. Changes nothing.
void show_info(const Program& program);

}  // namespace offlineimap::core
