// SPDX-License-Identifier: Apache-2.0
#include "repair.hpp"

#include "program_run.hpp"

#include "core/config/values.hpp"
#include "core/run/repair_run.hpp"

namespace offlineimap::core {

namespace {

constexpr CommandLineOption options[] {
    option::help,
    option::config,
    option::accounts,
    {"", 'f', "LIST", "repair these folders only, by their remote names"},
    {"dry-run", '\0', "", "only say what would be done"},
    {"remove-doubles", '\0', "", "of messages with the same text in a folder keep one"},
    {"mbsync-state", '\0', "DIR", "where mbsync keeps its state (SyncState)"},
    option::overrides,
    option::interface,
    option::log_file,
    option::debug,
};

constexpr auto details =
    "Makes the records of what both sides have in common anew, from the mail on both sides: by\n"
    "ids, by the state of mbsync where the Maildir was made by that, then by comparing texts.\n"
    "Nothing is transferred to the other side and nothing is deleted. A message that one side\n"
    "alone has is left for the next run, which copies it. State that cannot be read is moved\n"
    "aside to a name with .corrupt-DATE in it. Messages with the same text in one folder are\n"
    "told; with --remove-doubles one of them is kept, with the marks of all, as far as\n"
    "max_deletes allows. A folder whose UIDVALIDITY changed is put together by its contents, even\n"
    "where a synchronisation thinks that too uncertain. With --dry-run nothing is changed.\n"
    "To go on with a Maildir of mbsync run this once before the first synchronisation.\n";

/// Where mbsync puts its state if it is not told otherwise.
std::vector<std::filesystem::path> mbsync_states(const CommandArguments& arguments)
{
    std::vector<std::filesystem::path> directories {
        expand_path("~/.mbsync"), expand_path("~/.local/state/isync")};
    if (const auto directory = arguments.value("mbsync-state"))
        directories.insert(directories.begin(), expand_path(*directory));
    return directories;
}

/// For commands in messages.
std::vector<std::string> own_words(const CommandArguments& arguments)
{
    std::vector<std::string> words;
    if (arguments.has("remove-doubles")) words.emplace_back("--remove-doubles");
    if (const auto directory = arguments.value("mbsync-state")) {
        const auto place = std::filesystem::absolute(expand_path(*directory)).string();
        words.insert(words.end(), {"--mbsync-state", place});
    }
    return words;
}

int repair(const CommandArguments& arguments)
{
    if (!arguments.words.empty())
        throw UsageError("repair: name accounts with -a and folders with -f");
    RepairRules rules;
    rules.mbsync_states = mbsync_states(arguments);
    if (arguments.has("remove-doubles")) rules.doubles = RepairRules::Doubles::remove;
    return run_program(arguments.common, [&](const Program& program, WakeUp&) {
        Program repairing = program;
        repairing.typed.task = sync::Typed::Task::repair;
        repairing.typed.own = own_words(arguments);
        repair_accounts(repairing, rules);
    });
}

}  // namespace

SubCommand repair_command() noexcept
{
    return {"repair", "[options]", "make the kept state right, or take over that of mbsync",
            details,  options,     repair};
}

}  // namespace offlineimap::core
