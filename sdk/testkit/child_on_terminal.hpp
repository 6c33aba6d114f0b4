// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace offlineimap::testkit {

enum class Streams {
    terminal,  ///< a terminal of its own, which it controls
    pipes,     ///< no terminal; nothing to read
};

struct ChildOutcome {
    int status = -1;       ///< what `work` returned, 120 if it threw, 128 + the signal
    std::string output;    ///< both streams
    bool restored = true;  ///< the terminal's settings are as before
};

/// Runs `work` in a process with a session of its own and waits for its end.
[[nodiscard]] ChildOutcome run_child(
    Streams streams, unsigned short columns, unsigned short rows, const std::function<int()>& work);

}  // namespace offlineimap::testkit
