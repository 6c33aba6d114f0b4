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
    {"", 'P', "DIR", "make DIR and write there what takes the time; implies -1"},
    option::interface,
    option::log_file,
    option::syslog,
    option::debug,
    {"dry-run", '\0', "", "only say what would be done"},
    {"plan-json", '\0', "FILE", "a dry run that writes its plan to FILE; -: standard output"},
    {"apply", '\0', "FILE", "do the plan in FILE, as far as it still holds, and nothing else"},
    {"approve-deletes", '\0', "", "with --apply: also the deletions that max_deletes held back"},
    {"info", '\0', "", "tell about the servers and their folders, synchronise nothing"},
    {"column", '\0', "[=STYLE]", "with --info: the folders in columns; see the manual"},
    {"no-column", '\0', "", "with --info: a line for each folder"},
    {"delete-folder", '\0', "NAME", "delete a folder of the remote side"},
    {"ignore-keyring", '\0', "", "do not ask the desktop's keyring for passwords"},
    {"update-keyring", '\0', "", "store the password that worked in the keyring"},
    {"mbnames-prune", '\0', "", "forget accounts that are no more in [mbnames]"},
    {"migrate-fmd5-using-nametrans", '\0', "",
     "mark Maildir files by their folders' translated names"},
};

}  // namespace

std::span<const CommandLineOption> command_line_options() noexcept
{
    return options;
}

}  // namespace offlineimap::core
