// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace offlineimap::core {

/// Writes what every thread of the process is doing, one after the other: its name and the
/// addresses of its calls, for addr2line. A thread that does not answer within a second is passed
/// over. Not from two threads at once.
void write_backtraces(int file) noexcept;

}  // namespace offlineimap::core
