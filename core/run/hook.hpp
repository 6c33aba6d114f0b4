// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace offlineimap::core {

struct HookResult {
    int exit_code = 0;   ///< 128 + n when signal n ended it
    std::string output;  ///< what it wrote on stdout and stderr, at most 64 kB
};

/// Runs a presynchook or postsynchook: `/bin/sh -c command` with nothing on its input and
/// OFFLINEIMAPSYNCMODE = `mode` in its environment. Waits for its end. Throws io.
HookResult run_hook(const std::string& command, const std::string& mode);

}  // namespace offlineimap::core
