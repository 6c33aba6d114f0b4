// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "program.hpp"
#include "wake_up.hpp"

#include "core/text/columns.hpp"

namespace offlineimap::core {

/// Synchronises the chosen accounts, as many at once as the configuration allows; they do not wait
/// for each other. Returns when all are done.
void run_accounts(const Program& program, WakeUp& wake_up);

/// `--info`: what the repositories of the chosen accounts are and can do, what is in their folders,
/// how these are put together, and what takes long. Changes nothing. In columns folders are named
/// alone.
void show_info(const Program& program, const ColumnStyle& columns);

}  // namespace offlineimap::core
