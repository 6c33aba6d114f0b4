// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

// What may stand on the command line: one table for parsing and for --help.

namespace offlineimap::core {

struct CommandLineOption {
    std::string_view name;      ///< "dry-run"; empty: there is only a letter
    char letter = '\0';         ///< 'h'; NUL: there is only a name
    std::string_view argument;  ///< "FILE"; "[=STYLE]": may be left out; empty: it takes none
    std::string_view help;

    constexpr bool takes_argument() const noexcept { return !argument.empty(); }
    constexpr bool may_do_without() const noexcept { return argument.starts_with("[="); }
};

/// Options that mean the same whatever the command is.
namespace option {
inline constexpr CommandLineOption help {"help", 'h', "", "print this help"};
inline constexpr CommandLineOption config {"", 'c', "FILE", "read the configuration from FILE"};
inline constexpr CommandLineOption accounts {
    "", 'a', "LIST", "only these accounts, separated by commas"};
inline constexpr CommandLineOption overrides {
    "", 'k', "[SECTION:]OPTION=VALUE", "override one option of the configuration; may be repeated"};
inline constexpr CommandLineOption interface {
    "", 'u', "NAME", "show what happens with this user interface"
};
inline constexpr CommandLineOption log_file {"", 'l', "FILE", "append what happens to FILE, too"};
inline constexpr CommandLineOption syslog {"", 's', "", "send what happens to syslog, too"};
inline constexpr CommandLineOption debug {
    "", 'd', "LIST", "say more about imap, maildir, thread, or all; may imply -1"};
inline constexpr CommandLineOption json {"json", '\0', "", "print JSON, for programs"};
}  // namespace option

/// Those of a run without a sub-command: the original's, and ours.
[[nodiscard]] std::span<const CommandLineOption> command_line_options() noexcept;

}  // namespace offlineimap::core
