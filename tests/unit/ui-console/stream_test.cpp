// SPDX-License-Identifier: Apache-2.0
#include "pty_run.hpp"

#include <gmock/gmock.h>

// Interfaces whose streams are files or pipes.

namespace offlineimap::console::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Quiet, is_silent_on_a_clean_run)
{
    const PipeRun run = run_in_pipes({.type = "quiet", .scene = "run"});
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.output + run.errors, "");
}

TEST(Quiet, tells_everything_to_who_wants_debug_lines)
{
    const PipeRun run =
        run_in_pipes({.type = "quiet", .scene = "troubles", .environment = {{"DEBUG_LINES", "1"}}});
    EXPECT_EQ(run.errors, "");
    EXPECT_THAT(run.output, HasSubstr("*** Processing account work\n"));
    EXPECT_THAT(run.output, HasSubstr("a debug line\n"));
}

TEST(Quiet, tells_failures_and_warnings_where_the_original_does)
{
    const PipeRun run = run_in_pipes({.type = "quiet", .scene = "troubles"});
    EXPECT_EQ(run.errors, "");
    EXPECT_EQ(
        run.output,
        "ERROR: read from mail.example: connection lost\n"
        "WARNING: the certificate ends in 3 days\n"
        "ERROR: a log line of level error\n");
}

TEST(Basic, writes_a_line_for_what_happens_and_none_for_progress)
{
    const PipeRun run = run_in_pipes({.type = "basic", .scene = "run"});
    EXPECT_EQ(run.errors, "");
    EXPECT_EQ(
        run.output,
        "OfflineIMAP\n"
        "*** Processing account work\n"
        "Establishing connection to mail.example:993 (R)\n"
        "Listing 50 folders of R\n"
        "copied some of 1000 messages\n"
        "Copying 1000 messages to INBOX[L]\n"
        "1000 messages copied\n"
        "*** Finished account 'work' in 1:40\n"
        "Next sync in 300 seconds\n");
}

TEST(Basic, asks_nothing)
{
    EXPECT_THAT(
        run_in_pipes({.type = "basic", .scene = "password"}).output, HasSubstr("answer none"));
}

TEST(Basic, shows_kinds_that_it_does_not_know)
{
    EXPECT_EQ(
        run_in_pipes({.type = "basic", .scene = "unknown"}).output, "something new happened\n");
}

TEST(Streams, are_never_coloured)
{
    for (const char* type : {"basic", "quiet", "ttyui"})
        for (const char* scene : {"run", "troubles", "escapes", "unknown"}) {
            const PipeRun run = run_in_pipes({.type = type, .scene = scene});
            EXPECT_EQ(run.status, 0) << type << ' ' << scene;
            EXPECT_THAT(
                run.output + run.errors, AllOf(Not(HasSubstr("\033")), Not(HasSubstr("\r"))));
        }
}

TEST(Streams, carry_a_flood)
{
    EXPECT_THAT(
        run_in_pipes({.type = "quiet", .scene = "flood"}).output,
        HasSubstr("ERROR: failure 99900\n"));
    EXPECT_THAT(
        run_in_pipes({.type = "ttyui", .scene = "flood"}).errors,
        HasSubstr("ERROR: failure 99900\n"));
}

TEST(Ttyui, without_a_terminal_writes_plain_lines)
{
    const PipeRun run = run_in_pipes({.type = "ttyui", .scene = "run"});
    EXPECT_EQ(run.output, "");
    EXPECT_THAT(
        run.errors,
        testing::StartsWith("OfflineIMAP\n"
                            "Account sync work:\n"
                            " *** Processing account work\n"
                            " Establishing connection to mail.example:993 (R)\n"));
    EXPECT_THAT(run.errors, HasSubstr("\nNext sync in 300 seconds\n"));
}

TEST(Ttyui, without_a_terminal_has_no_answer)
{
    EXPECT_EQ(run_in_pipes({.type = "ttyui", .scene = "password"}).output, "answer none\n");
}

}  // namespace
}  // namespace offlineimap::console::test
