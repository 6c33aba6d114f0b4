// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include <gmock/gmock.h>

namespace offlineimap::test {
namespace {

using sync::AccountPlan;
using sync::PlannedAction;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Kind = PlannedAction::Kind;

struct ApprovalTest : testing::Test {
    TwoSides two;
    AccountPlan approved;

    void settle(int messages = 6)
    {
        for (int i = 0; i < messages; ++i)
            two.right.add("INBOX", mail("m" + std::to_string(i)));
        two.right.add("Archive", mail("old"));
        two.run();
        two.run();
    }
    AccountPlan plan()
    {
        two.rules.dry_run = true;
        auto result = two.run();
        two.rules.dry_run = false;
        return result.plan;
    }
    sync::SyncResult apply(AccountPlan plan)
    {
        approved = std::move(plan);
        two.rules.approved = &approved;
        auto result = two.run();
        two.rules.approved = nullptr;
        return result;
    }
    static std::vector<PlannedAction> actions(const AccountPlan& plan, Kind kind)
    {
        std::vector<PlannedAction> out;
        for (const auto& folder : plan.folders)
            for (const auto& action : folder.actions)
                if (action.kind == kind) out.push_back(action);
        return out;
    }
    /// One change of every kind.
    void change_everything()
    {
        const auto ids = two.right.ids("INBOX");
        two.right.add("INBOX", mail("new"), {Flag::seen});
        two.left.add("INBOX", mail("up"));
        two.left.add("Fresh", mail("first"), {Flag::flagged});
        two.right.set_flags("INBOX", ids[0], {Flag::answered});
        two.left.remove("INBOX", ids[1]);
        two.left.move("INBOX", ids[2], "Archive");
    }
};

TEST_F(ApprovalTest, a_dry_run_tells_each_thing_that_would_be_done_and_does_none)
{
    settle();
    change_everything();
    const auto before = std::pair(two.left.contents(), two.right.contents());
    const auto planned = plan();
    EXPECT_EQ(std::pair(two.left.contents(), two.right.contents()), before);
    EXPECT_THAT(actions(planned, Kind::copy), SizeIs(3));
    EXPECT_THAT(actions(planned, Kind::create), SizeIs(1));
    EXPECT_THAT(actions(planned, Kind::move), SizeIs(1));
    EXPECT_THAT(actions(planned, Kind::remove), SizeIs(1));
    ASSERT_THAT(actions(planned, Kind::mark), SizeIs(1));
    EXPECT_THAT(actions(planned, Kind::mark)[0].marks.left, testing::ElementsAre("+\\Answered"));
    for (const auto* line :
         {"Copy message 7 Remote:INBOX -> Local:INBOX",
          "Mark message 1 in Local:INBOX: +\\Answered", "Delete message 2 in Remote:INBOX",
          "Move message 3 Remote:INBOX -> Remote:Archive"})
        EXPECT_THAT(two.lines.lines, Contains(HasSubstr(line)));
}

TEST_F(ApprovalTest, a_plan_is_done_to_the_end_where_nothing_changed)
{
    settle();
    change_everything();
    EXPECT_THAT(apply(plan()).failures, IsEmpty());
    EXPECT_TRUE(two.equal());
    EXPECT_THAT(plan().folders, IsEmpty());
}

TEST_F(ApprovalTest, a_plan_is_done_on_a_server_that_gives_no_ids)
{
    TwoSides plain(maildir_like, {.returns_ids = false, .move = false});
    plain.right.add("INBOX", mail("a"));
    plain.run();
    plain.left.add("INBOX", mail("up"));
    plain.rules.dry_run = true;
    approved = plain.run().plan;
    plain.rules.dry_run = false;
    plain.rules.approved = &approved;
    EXPECT_THAT(plain.run().failures, IsEmpty());
    EXPECT_TRUE(plain.equal());
    EXPECT_EQ(plain.left.ids("INBOX"), plain.right.ids("INBOX"));
}

TEST_F(ApprovalTest, what_is_new_is_said_and_left_for_the_next_run)
{
    settle();
    two.right.add("INBOX", mail("planned"));
    const auto planned = plan();
    two.right.add("INBOX", mail("later"));
    two.left.remove("INBOX", two.left.ids("INBOX").front());
    EXPECT_THAT(apply(planned).failures, IsEmpty());
    EXPECT_THAT(
        two.lines.lines, Contains(HasSubstr("Not in the plan, so not done: Copy message 8 ")));
    EXPECT_THAT(
        two.lines.lines, Contains(HasSubstr("Not in the plan, so not done: Delete message 1 ")));
    EXPECT_THAT(two.left.ids("INBOX"), SizeIs(6));
    EXPECT_THAT(two.right.ids("INBOX"), SizeIs(8));
    two.run();
    EXPECT_TRUE(two.equal()) << "what was left must not be forgotten";
}

TEST_F(ApprovalTest, what_changed_since_is_said_and_not_done)
{
    settle();
    const auto ids = two.right.ids("INBOX");
    two.left.remove("INBOX", ids[0]);
    two.left.set_flags("INBOX", ids[1], {Flag::seen});
    two.left.set_flags("INBOX", ids[2], {Flag::seen});
    const auto planned = plan();
    two.right.set_flags("INBOX", ids[0], {Flag::flagged});  // somebody wants it after all
    two.left.set_flags("INBOX", ids[1], {Flag::flagged});
    const auto result = apply(planned);
    EXPECT_THAT(result.failures, testing::ElementsAre(Errc::rejected));
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("2 of 3 actions of the plan were not done")));
    EXPECT_THAT(two.right.ids("INBOX"), Contains(ids[0]));
    EXPECT_EQ(two.right.folder("INBOX").mails.at(ids[1]).flags, Set<Flag> {});
    EXPECT_EQ(two.right.folder("INBOX").mails.at(ids[2]).flags, Set<Flag> {Flag::seen});
}

TEST_F(ApprovalTest, nothing_is_done_in_a_folder_that_is_another_one_now)
{
    settle();
    two.left.remove("Archive", two.left.ids("Archive").front());
    const auto planned = plan();
    ++two.right.folder("Archive").validity;
    EXPECT_THAT(apply(planned).failures, Contains(Errc::rejected));
    EXPECT_THAT(two.right.ids("Archive"), SizeIs(1));
}

TEST_F(ApprovalTest, a_folder_that_was_not_planned_is_not_made)
{
    settle();
    const auto planned = plan();
    two.left.add("Fresh", mail("first"));
    EXPECT_THAT(apply(planned).failures, IsEmpty());
    EXPECT_EQ(two.right.contents().count("Fresh"), 0);
    EXPECT_THAT(
        two.lines.lines, Contains(HasSubstr("Not in the plan, so not done: Create folder")));
}

TEST_F(ApprovalTest, deletions_that_the_guard_holds_back_are_in_the_plan_as_such)
{
    settle(30);
    for (const auto& id : two.left.ids("INBOX"))
        two.left.remove("INBOX", id);
    const auto planned = plan();
    const auto removals = actions(planned, Kind::remove);
    ASSERT_THAT(removals, SizeIs(30));
    EXPECT_TRUE(removals[0].held_back);
    EXPECT_THAT(apply(planned).failures, testing::ElementsAre(Errc::stopped));
    EXPECT_THAT(two.right.ids("INBOX"), SizeIs(30));
    two.rules.budget = {.most = {}, .percent = 100};
    EXPECT_THAT(apply(planned).failures, IsEmpty());
    EXPECT_TRUE(two.equal());
}

TEST_F(ApprovalTest, approval_covers_no_deletion_that_came_later)
{
    settle(30);
    const auto ids = two.left.ids("INBOX");
    for (int i = 0; i < 20; ++i)
        two.left.remove("INBOX", ids[static_cast<std::size_t>(i)]);
    const auto planned = plan();
    for (int i = 20; i < 30; ++i)
        two.left.remove("INBOX", ids[static_cast<std::size_t>(i)]);
    two.rules.budget = {.most = {}, .percent = 100};
    apply(planned);
    EXPECT_THAT(two.right.ids("INBOX"), SizeIs(10));
}

TEST_F(ApprovalTest, a_dry_run_does_not_take_a_folder_that_was_removed_for_its_messages)
{
    settle();
    two.left.remove_folder("Archive");
    const auto planned = plan();
    EXPECT_THAT(actions(planned, Kind::remove), IsEmpty());
    EXPECT_THAT(actions(planned, Kind::copy), SizeIs(1));
    EXPECT_THAT(apply(planned).failures, IsEmpty());
    EXPECT_TRUE(two.equal());
}

TEST_F(ApprovalTest, a_renamed_folder_is_planned_as_moves_and_done_as_planned)
{
    settle();
    two.left.rename_folder("Archive", "2026");
    const auto planned = plan();
    EXPECT_THAT(actions(planned, Kind::remove), IsEmpty());
    EXPECT_THAT(actions(planned, Kind::copy), IsEmpty());
    EXPECT_THAT(actions(planned, Kind::move), SizeIs(1));
    EXPECT_THAT(apply(planned).failures, IsEmpty());
    EXPECT_TRUE(two.equal());
}

TEST_F(ApprovalTest, sizes_are_told_where_they_are_asked_for)
{
    two.right.add("INBOX", mail("a"));
    two.rules.sizes = sync::Sizes::ask;
    EXPECT_EQ(actions(plan(), Kind::copy).at(0).size, mail("a").size());
}

}  // namespace
}  // namespace offlineimap::test
