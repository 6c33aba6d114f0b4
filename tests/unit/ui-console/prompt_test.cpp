// SPDX-License-Identifier: Apache-2.0
#include "pty_run.hpp"
#include "screen.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <iterator>

namespace offlineimap::console::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr auto prompt = "Enter password for user 'u': ";

bool same(const termios& a, const termios& b)
{
    return a.c_lflag == b.c_lflag && a.c_iflag == b.c_iflag && a.c_oflag == b.c_oflag
        && a.c_cflag == b.c_cflag && std::equal(std::begin(a.c_cc), std::end(a.c_cc), b.c_cc);
}

/// A question that waits for its answer.
class Asked {
public:
    explicit Asked(const char* scene)
        : run({.type = "ttyui", .scene = scene}), before(run.settings_before())
    {
        EXPECT_TRUE(run.wait_for(prompt)) << run.output();
    }
    /// The answer that the driver tells at its end.
    std::string answer()
    {
        EXPECT_EQ(run.finish(), 0);
        EXPECT_TRUE(same(run.settings(), before));
        const auto place = run.output().find("answer ");
        return place == std::string::npos ? "" : run.output().substr(place);
    }

    PtyRun run;
    termios before;
};

TEST(Prompt, a_password_is_not_seen)
{
    Asked asked("password");
    EXPECT_EQ(asked.run.settings().c_lflag & (ECHO | ISIG), 0u);
    EXPECT_EQ(Screen(asked.run.output()).last(), prompt);
    asked.run.type("s3cret word\n");
    EXPECT_EQ(asked.answer(), "answer <s3cret word>\r\n");
    const auto shown = asked.run.output().substr(0, asked.run.output().find("answer "));
    EXPECT_THAT(shown, Not(HasSubstr("s3cret")));
}

TEST(Prompt, what_was_typed_before_the_question_is_no_password)
{
    PtyRun run({.type = "ttyui", .scene = "password", .typed_ahead = "typed ahead\n"});
    ASSERT_TRUE(run.wait_for(prompt));
    run.type("right\n");
    EXPECT_EQ(run.finish(), 0);
    EXPECT_THAT(run.output(), HasSubstr("answer <right>"));
}

TEST(Prompt, an_empty_password_or_the_end_of_input_declines)
{
    for (const char* keys : {"\n", "\004"}) {
        Asked asked("password");
        asked.run.type(keys);
        EXPECT_EQ(asked.answer(), "answer none\r\n");
    }
}

TEST(Prompt, control_c_declines_and_stops_the_program)
{
    for (const char* scene : {"password", "yes_no", "text"}) {
        Asked asked(scene);
        asked.run.type("abc\003");
        EXPECT_EQ(asked.answer(), "answer none\r\nstopped\r\n");
    }
}

TEST(Prompt, control_z_does_not_stop_the_process_without_echo)
{
    Asked asked("password");
    asked.run.type("a\032b\n");
    EXPECT_EQ(asked.answer(), "answer <a\032b>\r\n");
}

TEST(Prompt, yes_or_no_is_asked_until_it_is_one)
{
    Asked asked("yes_no");
    ASSERT_TRUE(asked.run.wait_for("[y/n] "));
    asked.run.type("perhaps\n\nYES\n");
    EXPECT_EQ(asked.answer(), "answer <y>\r\n");
    Asked no("yes_no");
    ASSERT_TRUE(no.run.wait_for("[y/n] "));
    no.run.type("n\n");
    EXPECT_EQ(no.answer(), "answer <n>\r\n");
}

TEST(Prompt, a_long_line_comes_whole)
{
    Asked asked("password");
    const std::string token(3000, 't');
    asked.run.type(token + "\n");
    EXPECT_EQ(asked.answer(), "answer <" + token + ">\r\n");
}

TEST(Prompt, a_process_in_the_background_neither_asks_nor_stops)
{
    PtyRun run(
        {.type = "ttyui",
         .scene = "password",
         .environment = {{"TERM", "xterm"}, {"IN_BACKGROUND", "1"}}});
    EXPECT_EQ(run.finish(), 0);
    EXPECT_THAT(run.output(), HasSubstr("answer none"));
    EXPECT_THAT(run.output(), Not(HasSubstr(prompt)));
    EXPECT_THAT(run.output(), Not(HasSubstr("200/1000")));
    EXPECT_THAT(run.output(), HasSubstr(" Copying 1000 messages to INBOX[L]"));
}

}  // namespace
}  // namespace offlineimap::console::test
