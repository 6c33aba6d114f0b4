// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "status_suite.hpp"

namespace offlineimap::testkit {

/// A process is killed at many points of its work; what the next one finds is the state after a
/// whole batch, and never one older than what was reported as done.
void apply_survives_a_kill(StatusBench& bench);
void put_survives_a_kill(StatusBench& bench);

/// A folder that another process has open is busy, and free again when that process is dead.
void second_process_is_busy(StatusBench& bench);

}  // namespace offlineimap::testkit
