// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <string>
#include <utility>
#include <vector>

namespace offlineimap::core {

struct HookCall {
    std::string command;
    /// Names with their values, added to our own environment or in the place of what is there.
    std::vector<std::pair<std::string, std::string>> environment = {};
    std::string input = {};          ///< what it reads; empty: nothing
    const Cancel* cancel = nullptr;  ///< ends the command; nullptr: it is waited for in any case
};

struct HookResult {
    int exit_code = 0;   ///< 128 + n when signal n ended it
    std::string output;  ///< what it wrote on stdout and stderr, at most 64 kB
};

/// Runs `/bin/sh -c command` and waits for its end, or until it has closed its output where it
/// leaves something behind that goes on. Throws io, and cancelled after asking it to end (SIGTERM).
HookResult run_hook(const HookCall& call);

}  // namespace offlineimap::core
