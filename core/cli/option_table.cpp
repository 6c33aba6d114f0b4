// SPDX-License-Identifier: Apache-2.0
#include "option_table.hpp"

namespace offlineimap::core {

namespace {

constexpr CommandLineOption options[] {
    {"help", 'h', "", "print this help"},
    {"version", '\0', "", "print the version"},
    {"", 'V', "", "print the version and those of the parts"},
    {"", 'c', "FILE", "read the configuration from FILE"},
    {"", 'a', "LIST", "synchronise these accounts, separated by commas"},
    {"", 'f', "LIST", "synchronise these folders only, by their remote names"},
    {"", 'k', "[SECTION:]OPTION=VALUE",
     "override one option of the configuration; may be repeated"},
    {"", 'o', "", "synchronise once, whatever autorefresh says"},
    {"", 'q', "", "quick: look only at folders whose number of messages changed"},
    {"", '1', "", "one account and one connection at a time"},
    {"", 'u', "NAME", "show what happens with this user interface"},
    {"", 'l', "FILE", "append what happens to FILE, too"},
    {"", 's', "", "send what happens to syslog, too"},
    {"", 'd', "LIST", "say more about imap, maildir, thread, or all"},
    {"dry-run", '\0', "", "only say what would be done"},
    {"info", '\0', "", "tell about the servers and their folders, synchronise nothing"},
};

constexpr CommandLineOption future[] {
    {"", 'P', "DIR", ""},
    {"delete-folder", '\0', "NAME", ""},
    {"migrate-fmd5-using-nametrans", '\0', "", ""},
    {"mbnames-prune", '\0', "", ""},
    {"ignore-keyring", '\0', "", ""},
    {"update-keyring", '\0', "", ""},
};

constexpr SubCommand commands[] {
    {"status", "what the last run left to do"},
    {"repair", "set kept state right"},
    {"config", "check or convert a configuration"},
    {"plugins", "what is installed"},
};

}  // namespace

std::span<const CommandLineOption> command_line_options() noexcept
{
    return options;
}

std::span<const CommandLineOption> future_options() noexcept
{
    return future;
}

std::span<const SubCommand> sub_commands() noexcept
{
    return commands;
}

}  // namespace offlineimap::core
