// SPDX-License-Identifier: Apache-2.0
#include "pty_run.hpp"
#include "screen.hpp"

#include <gmock/gmock.h>

namespace offlineimap::console::test {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string played(const Stage& stage)
{
    PtyRun run(stage);
    EXPECT_EQ(run.finish(), 0);
    return run.output();
}

/// What was on the screen when `text` had just been written.
Screen up_to(const std::string& output, const std::string& text)
{
    const auto place = output.find(text);
    EXPECT_NE(place, std::string::npos) << text;
    return Screen(std::string_view(output).substr(0, place + text.size()));
}

TEST(TtyuiOnTerminal, shows_how_far_it_is)
{
    const std::string output = played({.type = "ttyui", .scene = "run", .columns = 121});
    const Screen screen =
        up_to(output, "200/1000 messages  200 MB of 1.0 GB  10 MB/s  1:20 left  INBOX");
    EXPECT_EQ(
        screen.last(),
        "[#####----------------------]  20%  200/1000 messages  200 MB of 1.0 GB  10 MB/s"
        "  1:20 left  INBOX");
    EXPECT_TRUE(screen.has_line(" Copying 1000 messages to INBOX[L]"));
    EXPECT_EQ(up_to(output, "Listing 50 folders of R").last(), "Listing 50 folders of R");
    EXPECT_EQ(up_to(output, "Next sync in 4:59").last(), "Next sync in 4:59");
}

TEST(TtyuiOnTerminal, leaves_lines_and_takes_the_bar_away)
{
    const Screen screen(played({.type = "ttyui", .scene = "run"}));
    EXPECT_EQ(screen.strange(), "");
    EXPECT_THAT(
        screen.lines(),
        testing::ElementsAre(
            "OfflineIMAP", "Account sync work:", " *** Processing account work",
            " Establishing connection to mail.example:993 (R)",
            " Copying 1000 messages to INBOX[L]", " 1000 messages copied",
            " *** Finished account 'work' in 1:40", ""));
}

TEST(TtyuiOnTerminal, marks_troubles)
{
    const std::string output = played({.type = "ttyui", .scene = "troubles"});
    EXPECT_THAT(output, HasSubstr("\033[31mERROR: read from mail.example: connection lost\033[0m"));
    EXPECT_THAT(output, HasSubstr("\033[33mWARNING: the certificate ends in 3 days\033[0m"));
}

TEST(TtyuiOnTerminal, has_no_colour_where_the_user_wants_none)
{
    const Screen screen(played(
        {.type = "ttyui",
         .scene = "troubles",
         .environment = {{"TERM", "xterm"}, {"NO_COLOR", "1"}}}));
    EXPECT_FALSE(screen.is_coloured());
    EXPECT_TRUE(screen.has_line(" ERROR: read from mail.example: connection lost"));
}

TEST(TtyuiOnTerminal, writes_plain_lines_where_the_terminal_can_no_more)
{
    for (const std::map<std::string, std::string>& environment :
         {std::map<std::string, std::string> {}, {{"TERM", "dumb"}}}) {
        const std::string output =
            played({.type = "ttyui", .scene = "run", .environment = environment});
        EXPECT_THAT(output, Not(HasSubstr("\033")));
        EXPECT_THAT(output, HasSubstr(" *** Finished account 'work' in 1:40\r\n"));
    }
}

TEST(TtyuiOnTerminal, passes_no_escape_on)
{
    PtyRun run({.type = "ttyui", .scene = "escapes"});
    ASSERT_TRUE(run.wait_for("31m??  ?? ")) << run.output();
    run.type("x\n");
    EXPECT_EQ(run.finish(), 0);
    EXPECT_EQ(Screen(run.output()).strange(), "");
    EXPECT_THAT(run.output(), HasSubstr("?]0;title??[2J?[c?31m?31m??  ??"));
}

TEST(TtyuiOnTerminal, shows_kinds_that_it_does_not_know)
{
    EXPECT_TRUE(
        Screen(played({.type = "ttyui", .scene = "unknown"})).has_line(" something new happened"));
}

TEST(TtyuiOnTerminal, fits_into_any_window)
{
    constexpr unsigned short widths[] = {1, 2, 3, 10, 40};
    for (const unsigned short columns : widths) {
        const std::string output =
            played({.type = "ttyui", .scene = "half", .columns = columns, .rows = 1});
        const Screen screen(output);
        EXPECT_EQ(screen.strange(), "");
        EXPECT_TRUE(screen.has_line(" Copying 1000 messages to INBOX[L]"));
        EXPECT_EQ(screen.last(), "");
    }
    EXPECT_THAT(
        played({.type = "ttyui", .scene = "half", .columns = 1, .rows = 1}),
        Not(HasSubstr("200/")));
    EXPECT_THAT(
        played({.type = "ttyui", .scene = "half", .columns = 0, .rows = 0}), HasSubstr("200/1000"));
}

TEST(TtyuiOnTerminal, keeps_off_the_last_column)
{
    constexpr auto line = "20%  200/1000 messages";  // of 22 columns
    EXPECT_THAT(played({.type = "ttyui", .scene = "half", .columns = 22}), Not(HasSubstr(line)));
    EXPECT_THAT(played({.type = "ttyui", .scene = "half", .columns = 23}), HasSubstr(line));
}

TEST(TtyuiOnTerminal, survives_a_flood_and_resizes_meanwhile)
{
    PtyRun run({.type = "ttyui", .scene = "flood"});
    for (unsigned short step = 1; step < 50; ++step) {
        ASSERT_TRUE(run.wait_for("ERROR: failure " + std::to_string(step * 100) + "\033"));
        run.resize(step, step);
    }
    EXPECT_EQ(run.finish(), 0);
    const Screen screen(run.output());
    EXPECT_EQ(screen.strange(), "");
    EXPECT_TRUE(screen.has_line("ERROR: failure 99900"));
    EXPECT_EQ(screen.last(), "");
    EXPECT_EQ(screen.lines().size(), 1001u);
}

}  // namespace
}  // namespace offlineimap::console::test
