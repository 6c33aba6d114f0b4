// SPDX-License-Identifier: Apache-2.0
#include "option_table.hpp"

namespace offlineimap::core {

namespace {

constexpr CommandLineOption options[] {
    option::help,
    {"version", '\0', "", "print the version"},
    {"", 'V', "", "print the version and those of the parts"},
    option::config,
    option::accounts,
    {"", 'f', "LIST", "synchronise these folders only, by their remote names"},
    option::overrides,
    {"", 'o', "", "synchronise once, whatever autorefresh says"},
    {"", 'q', "", "quick: look only at folders whose number of messages changed"},
    {"", '1', "", "one account and one connection at a time"},
    option::interface,
    option::log_file,
    option::syslog,
    option::debug,
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

}  // namespace

std::span<const CommandLineOption> command_line_options() noexcept
{
    return options;
}

std::span<const CommandLineOption> future_options() noexcept
{
    return future;
}

}  // namespace offlineimap::core
