// SPDX-License-Identifier: Apache-2.0
#include "core/cli/typed.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <initializer_list>

using namespace offlineimap;
using testing::ElementsAre;
using testing::IsEmpty;

namespace {

sync::Typed typed(std::initializer_list<const char*> arguments)
{
    return core::typed(core::parse_command_line({arguments.begin(), arguments.size()}));
}

std::string here(const char* file)
{
    return (std::filesystem::current_path() / file).string();
}

}  // namespace

TEST(Typed, keeps_what_decides_what_is_done)
{
    const auto words = typed({"-c", "my rc", "-a", "A,B", "-f", " x,y", "-q1", "-k", "A:b=c d"});
    EXPECT_THAT(words.common, ElementsAre("-c", here("my rc"), "-f", " x,y", "-k", "A:b=c d"));
    EXPECT_THAT(words.of_run, ElementsAre("-q", "-1"));
    EXPECT_EQ(words.accounts, "A,B");
}

TEST(Typed, leaves_out_how_it_is_shown_and_that_it_was_rehearsed)
{
    const auto words = typed({"--dry-run", "-o", "-u", "quiet", "-l", "log", "-s"});
    EXPECT_THAT(words.common, IsEmpty());
    EXPECT_THAT(words.of_run, IsEmpty());
}

TEST(Typed, names_a_secret_and_never_shows_it)
{
    const auto words = typed(
        {"-k", "Repository R:remotepass=x=y", "-k", "Repository R:RemotePassEval = 'x'", "-k",
         "Repository R:oauth2_refresh_token=x", "-k", "Repository R:oauth2_client_secret_eval=x",
         "-k", "proxy=https://me:x@host.example"});
    EXPECT_THAT(words.common, IsEmpty());
    EXPECT_THAT(
        words.unshown,
        ElementsAre(
            "Repository R:remotepass", "Repository R:RemotePassEval ",
            "Repository R:oauth2_refresh_token", "Repository R:oauth2_client_secret_eval",
            "proxy"));
}

TEST(Typed, shows_where_a_secret_is)
{
    const auto words = typed({"-k", "Repository R:remotepassfile=/x"});
    EXPECT_THAT(words.common, ElementsAre("-k", "Repository R:remotepassfile=/x"));
    EXPECT_THAT(words.unshown, IsEmpty());
}

TEST(Typed, finds_a_file_at_home_from_everywhere)
{
    const std::string home = std::getenv("HOME");
    EXPECT_THAT(typed({"-c", "~/rc"}).common, ElementsAre("-c", home + "/rc"));
}

TEST(Typed, does_a_plan_with_its_deletions)
{
    EXPECT_THAT(
        typed({"--apply", "plan"}).own, ElementsAre("--apply", here("plan"), "--approve-deletes"));
    EXPECT_THAT(typed({"--apply", "-"}).own, ElementsAre("--apply", "-", "--approve-deletes"));
    EXPECT_EQ(typed({"--apply", "plan"}).task, sync::Typed::Task::apply);
}
