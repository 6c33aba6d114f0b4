// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <chrono>
#include <string>

namespace offlineimap::core {

/// The first line, trimmed, that a command prints when /bin/sh runs it. It reads nothing from us
/// and may use the terminal. Throws auth when it fails or takes longer, cancelled on cancel
/// (nullptr: cannot be cancelled); neither tells what it printed nor the command itself.
[[nodiscard]] std::string
first_line_of(const std::string& command, std::chrono::milliseconds timeout, const Cancel* cancel);

}  // namespace offlineimap::core
