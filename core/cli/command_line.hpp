// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/overrides.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace offlineimap::core {

/// The command line makes no sense: to be shown, with exit code 2.
class UsageError final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What the user asks for.
enum class Action { synchronise, help, version, long_version, info };

struct CommandLine {
    Action action = Action::synchronise;
    std::optional<std::filesystem::path> config_file = {};  ///< -c, as written
    Overrides overrides = {};
    std::vector<std::string> debug = {};                 ///< -d: imap, maildir, thread, each once
    std::optional<std::filesystem::path> log_file = {};  ///< -l
    bool syslog = false;
    std::vector<std::string> warnings = {};
};

/// `arguments` without the program's name. Letters may be clustered ("-oq1") and an argument
/// attached ("-cFILE"); names may be shortened; of an option that is repeated the last one counts,
/// but for -k. Throws UsageError.
[[nodiscard]] CommandLine parse_command_line(std::span<const char* const> arguments);

}  // namespace offlineimap::core
