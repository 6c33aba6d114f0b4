// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace offlineimap::core {

/// Where a command's complaints go.
enum class Complaints {
    to_ours,    ///< our stderr: it may use the terminal
    to_output,  ///< among its output
};

/// What /bin/sh runs, with no signal blocked or ignored.
struct Command {
    std::string text;
    /// Names with their values, added to our own environment or in the place of what is there.
    std::vector<std::pair<std::string, std::string>> environment = {};
    std::string input = {};  ///< what it reads; empty: nothing
    Complaints complaints = Complaints::to_output;
    std::optional<std::chrono::milliseconds> timeout = {};  ///< nullopt: it may take for ever
    const Cancel* cancel = nullptr;                         ///< nullptr: cannot be cancelled
};

struct CommandResult {
    int exit_code = 0;   ///< 128 + n when signal n ended it
    std::string output;  ///< at most 64 kB
};

/// Runs it and waits for its end, and until its output is closed where it leaves something behind
/// that goes on. Throws io when it cannot be started, timeout, cancelled; the command is asked to
/// end then (SIGTERM), and after a second made to. No text tells the command or what it printed.
CommandResult run_command(const Command& command);

/// The first line, trimmed, that a command prints: a secret. It reads nothing from us and may use
/// the terminal. Throws auth when it fails, prints none or takes longer, cancelled on cancel;
/// neither tells what it printed nor the command itself.
[[nodiscard]] std::string
first_line_of(const std::string& command, std::chrono::milliseconds timeout, const Cancel* cancel);

}  // namespace offlineimap::core
