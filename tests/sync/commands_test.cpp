// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include <gmock/gmock.h>

// The commands that messages tell: whoever pastes one gets the run that the message is about.

namespace offlineimap::test {
namespace {

using sync::Commands;
using sync::Typed;
using testing::Contains;
using testing::HasSubstr;

const Typed typed {
    .common = {"-c", "/my rc", "-k", "Account A:x=$y"}, .of_run = {"-q"}, .accounts = "A,B"};

TEST(Commands, repeat_a_run_with_what_was_typed_for_it)
{
    EXPECT_EQ(
        (Commands {"A", typed}).again({"Account A:max_deletes=unlimited"}),
        "offlineimap -o -c '/my rc' -k 'Account A:x=$y' -q -a A "
        "-k 'Account A:max_deletes=unlimited'");
}

TEST(Commands, repeat_a_plan_for_all_its_accounts)
{
    Typed plan = typed;
    plan.task = Typed::Task::apply;
    plan.own = {"--apply", "/plan", "--approve-deletes"};
    EXPECT_EQ(
        (Commands {"A", plan}).again({"Account A:max_deletes=unlimited"}),
        "offlineimap --apply /plan --approve-deletes -c '/my rc' -k 'Account A:x=$y' -q "
        "-a 'A,B'");
}

TEST(Commands, repeat_a_repair_without_what_only_a_run_understands)
{
    Typed repair = typed;
    repair.task = Typed::Task::repair;
    repair.own = {"--remove-doubles"};
    EXPECT_EQ(
        (Commands {"A", repair}).again({"b=c"}),
        "offlineimap repair --remove-doubles -c '/my rc' -k 'Account A:x=$y' -a A -k 'b=c'");
    EXPECT_EQ(
        (Commands {"A", typed}).repair(),
        "offlineimap repair -c '/my rc' -k 'Account A:x=$y' -a A");
}

TEST(Commands, tell_in_a_comment_which_secrets_they_leave_out)
{
    Typed secret;
    secret.unshown = {"Repository R:remotepass", "Repository S:remotepass"};
    EXPECT_EQ(
        (Commands {"A", secret}).repair(),
        "offlineimap repair -a A # and with -k Repository R:remotepass=..., "
        "Repository S:remotepass=...");
}

TEST(Commands, of_a_repair_approve_its_removals)
{
    TwoSides two;
    for (int i = 0; i < 30; ++i)
        two.right.add("INBOX", mail("same"));
    two.run();
    two.rules.typed.task = Typed::Task::repair;
    two.rules.typed.own = {"--remove-doubles"};
    core::RepairRules rules;
    rules.doubles = core::RepairRules::Doubles::remove;
    two.repair(rules);
    EXPECT_EQ(two.right.ids("INBOX").size(), 30);
    EXPECT_THAT(
        two.lines.lines,
        Contains(HasSubstr("offlineimap repair --remove-doubles -a Test -k "
                           "'Account Test:max_deletes=unlimited'")));
}

}  // namespace
}  // namespace offlineimap::test
