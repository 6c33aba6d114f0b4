// SPDX-License-Identifier: Apache-2.0
#include "core/cli/command_line.hpp"

#include <gmock/gmock.h>

#include <initializer_list>

using namespace offlineimap::core;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

CommandLine parsed(std::initializer_list<const char*> arguments)
{
    static constexpr std::string_view commands[] {"status", "repair"};
    return parse_command_line({arguments.begin(), arguments.size()}, commands);
}

std::string error_of(std::initializer_list<const char*> arguments)
{
    try {
        static_cast<void>(parsed(arguments));
    } catch (const UsageError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST(CommandLine, nothing_means_a_plain_run)
{
    const auto line = parsed({});
    EXPECT_EQ(line.action, Action::synchronise);
    EXPECT_FALSE(line.config_file);
    EXPECT_FALSE(line.overrides.accounts);
    EXPECT_FALSE(line.overrides.only_folders);
    EXPECT_FALSE(line.overrides.once || line.overrides.quick || line.overrides.dry_run);
    EXPECT_THAT(line.warnings, ElementsAre());
}

TEST(CommandLine, letters_may_be_clustered)
{
    const auto line = parsed({"-oq1"});
    EXPECT_TRUE(line.overrides.once);
    EXPECT_TRUE(line.overrides.quick);
    EXPECT_TRUE(line.overrides.single_thread);
    EXPECT_FALSE(line.syslog);
}

TEST(CommandLine, an_argument_may_be_attached_or_follow)
{
    EXPECT_EQ(parsed({"-cFILE"}).config_file, "FILE");
    EXPECT_EQ(parsed({"-c", "FILE"}).config_file, "FILE");
    EXPECT_EQ(parsed({"-uquiet"}).overrides.interface, "quiet");
    const auto line = parsed({"-ouquiet"});
    EXPECT_TRUE(line.overrides.once);
    EXPECT_EQ(line.overrides.interface, "quiet");
    const auto last = parsed({"-oc", "FILE"});
    EXPECT_TRUE(last.overrides.once);
    EXPECT_EQ(last.config_file, "FILE");
}

TEST(CommandLine, long_names_may_be_shortened)
{
    EXPECT_TRUE(parsed({"--dry-run"}).overrides.dry_run);
    EXPECT_TRUE(parsed({"--dry"}).overrides.dry_run);
    EXPECT_EQ(parsed({"--ver"}).action, Action::version);
    EXPECT_EQ(parsed({"--info"}).action, Action::info);
}

TEST(CommandLine, the_last_of_a_repeated_option_wins)
{
    EXPECT_EQ(parsed({"-a", "x", "-a", "y"}).overrides.accounts, "y");
    EXPECT_TRUE(parsed({"-o", "-o"}).overrides.once);
}

TEST(CommandLine, overrides_are_collected_in_order)
{
    EXPECT_THAT(
        parsed({"-k", "a=b=c", "-kAccount_x:quick=-1"}).overrides.options,
        ElementsAre("a=b=c", "Account_x:quick=-1"));
}

TEST(CommandLine, folder_names_keep_their_blanks)
{
    const auto folders = parsed({"-f", "INBOX, Sent"}).overrides.only_folders;
    ASSERT_TRUE(folders);
    EXPECT_THAT(*folders, ElementsAre("INBOX", " Sent"));
}

TEST(CommandLine, debug_categories_are_checked)
{
    EXPECT_THAT(parsed({"-d", "ALL"}).debug, ElementsAre("imap", "maildir", "thread"));
    const auto line = parsed({"-d", "imap, xyz"});
    EXPECT_THAT(line.debug, ElementsAre("imap"));
    EXPECT_THAT(
        line.warnings, ElementsAre("option -d: \"xyz\" is not one of imap, maildir, thread"));
}

TEST(CommandLine, debugging_takes_one_thread_unless_threads_are_debugged)
{
    EXPECT_TRUE(parsed({"-d", "imap"}).overrides.single_thread);
    EXPECT_TRUE(parsed({"-d", "imap,maildir"}).debug_takes_one_thread);
    EXPECT_FALSE(parsed({"-d", "imap,thread"}).overrides.single_thread);
    EXPECT_FALSE(parsed({"-d", "all"}).overrides.single_thread);
    EXPECT_FALSE(parsed({"-1", "-d", "imap"}).debug_takes_one_thread);
    EXPECT_TRUE(parsed({"-1", "-d", "thread"}).overrides.single_thread);
}

TEST(CommandLine, logging_goes_to_a_file_and_to_syslog)
{
    const auto line = parsed({"-s", "-l", "/tmp/log"});
    EXPECT_TRUE(line.syslog);
    EXPECT_EQ(line.log_file, "/tmp/log");
}

TEST(CommandLine, stray_words_are_warned_of)
{
    const auto line = parsed({"-o", "word", "-q"});
    EXPECT_TRUE(line.overrides.quick);
    EXPECT_THAT(line.warnings, ElementsAre("the word \"word\" is not used"));
}

TEST(CommandLine, a_command_that_does_not_come_first_is_no_stray_word)
{
    EXPECT_EQ(
        error_of({"-o", "repair"}),
        "the command repair has to come first: offlineimap repair [options]");
    EXPECT_EQ(parsed({"-a", "status"}).overrides.accounts, "status");
}

TEST(CommandLine, traces_one_thread_at_a_time)
{
    const auto line = parsed({"-P", "dir"});
    EXPECT_EQ(line.trace, "dir");
    EXPECT_TRUE(line.overrides.single_thread);
}

TEST(CommandLine, says_what_the_keyring_is_good_for)
{
    EXPECT_TRUE(parsed({"--ignore-keyring"}).overrides.ignore_keyring);
    EXPECT_TRUE(parsed({"--update-keyring"}).overrides.update_keyring);
    EXPECT_FALSE(parsed({}).overrides.update_keyring);
}

TEST(CommandLine, what_makes_no_sense_is_an_error)
{
    EXPECT_THAT(error_of({"-x"}), HasSubstr("-x"));
    EXPECT_THAT(error_of({"--unheard-of"}), HasSubstr("unheard-of"));
    EXPECT_THAT(error_of({"-c"}), HasSubstr("-c"));
    EXPECT_THAT(error_of({"--dry-run=yes"}), HasSubstr("dry-run"));
    EXPECT_NE(error_of({"-oxq"}), "no error");
}

TEST(CommandLine, help_comes_first)
{
    EXPECT_EQ(parsed({"-h"}).action, Action::help);
    EXPECT_EQ(parsed({"--info", "--help"}).action, Action::help);
    EXPECT_EQ(parsed({"-V"}).action, Action::long_version);
}
