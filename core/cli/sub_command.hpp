// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "command_line.hpp"

namespace offlineimap::core {

/// What stood behind the name of a sub-command.
struct CommandArguments {
    CommandLine common;            ///< from the options that a plain run has as well
    std::vector<FoundOption> own;  ///< the others, in their order
    std::vector<std::string> words;
    bool wants_help = false;

    [[nodiscard]] bool has(std::string_view key) const noexcept;
    /// The last one wins; nothing where it is not given.
    [[nodiscard]] std::optional<std::string> value(std::string_view key) const;
};

/// One entry of the table of sub-commands: `offlineimap NAME ...`.
struct SubCommand {
    std::string_view name;
    std::string_view usage;    ///< behind the name: "[options] [TYPE]"
    std::string_view summary;  ///< for the list of commands
    std::string_view details;  ///< a paragraph or two for its own help; lines end with LF
    std::span<const CommandLineOption> options;
    /// Returns the exit code. Throws Error, UsageError.
    int (*run)(const CommandArguments& arguments);
};

/// nullptr: there is none of that name.
[[nodiscard]] const SubCommand*
find_command(std::span<const SubCommand> commands, std::string_view name) noexcept;

/// `arguments` without the program's name and the command's. Throws UsageError.
[[nodiscard]] CommandArguments
parse_arguments(const SubCommand& command, std::span<const char* const> arguments);

/// What `offlineimap NAME --help` prints.
[[nodiscard]] std::string help_text(std::string_view program, const SubCommand& command);

}  // namespace offlineimap::core
