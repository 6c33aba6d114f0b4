// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

// What may stand on the command line: one table for parsing and for --help.

namespace offlineimap::core {

struct CommandLineOption {
    std::string_view name;      ///< "dry-run"; empty: there is only a letter
    char letter = '\0';         ///< 'h'; NUL: there is only a name
    std::string_view argument;  ///< "FILE"; empty: it takes none
    std::string_view help;

    constexpr bool takes_argument() const noexcept { return !argument.empty(); }
};

[[nodiscard]] std::span<const CommandLineOption> command_line_options() noexcept;

/// Options of the original that are still to come; using one is an error.
[[nodiscard]] std::span<const CommandLineOption> future_options() noexcept;

/// Words that are commands or will be, not to be taken for stray words.
struct SubCommand {
    std::string_view name, help;
    bool available = false;
};

[[nodiscard]] std::span<const SubCommand> sub_commands() noexcept;

}  // namespace offlineimap::core
