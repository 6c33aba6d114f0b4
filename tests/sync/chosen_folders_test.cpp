// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include <gmock/gmock.h>

// A run that looks at some folders only (-f), while messages or folders are on their way to or from
// others.

namespace offlineimap::test {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

struct Setup {
    const char* name;
    MailStore::Abilities left, right;
};

void PrintTo(const Setup& setup, std::ostream* out)
{
    *out << setup.name;
}

std::multiset<std::string> texts(const MailStore& store)
{
    std::multiset<std::string> out;
    for (const auto& [folder, mails] : store.contents())
        for (const auto& m : mails)
            out.insert(folder + "/" + m.text);
    return out;
}

sync::SyncResult run_with(TwoSides& two, const std::string& folder)
{
    const auto all = two.rules;
    two.rules.reach = sync::SyncRules::Reach::chosen_ones;
    two.rules.folders.right.accepts = [&](const FolderInfo& one) { return one.name == folder; };
    two.rules.folders.right.belongs = [](const FolderInfo&) { return true; };
    auto result = two.run();
    two.rules = all;
    return result;
}

class ChosenFolders : public testing::TestWithParam<Setup> {
protected:
    /// Messages were moved both ways on both sides; of some the other side has changed the marks.
    static void move_on_both_sides(TwoSides& two)
    {
        for (const char* const folder : {"INBOX", "A", "B"})
            for (int i = 0; i < 8; ++i)
                two.right.add(folder, mail(folder + std::to_string(i)));
        two.run();
        two.run();
        const auto left = [&](const char* folder, int i) {
            return two.left.find(folder, mail(folder + std::to_string(i)));
        };
        const auto right = [&](const char* folder, int i) {
            return two.right.find(folder, mail(folder + std::to_string(i)));
        };
        two.left.move("INBOX", left("INBOX", 0), "A");
        two.left.move("INBOX", left("INBOX", 1), "A", Keep::nothing);
        two.right.move("INBOX", right("INBOX", 2), "A");
        two.left.move("A", left("A", 0), "INBOX");
        two.left.move("A", left("A", 1), "B", Keep::nothing);
        two.right.move("A", right("A", 2), "INBOX");
        two.right.move("B", right("B", 0), "A");
        two.left.move("B", left("B", 1), "A"), two.right.move("B", right("B", 1), "A");
        two.right.set_flags("INBOX", right("INBOX", 0), {Flag::seen});
        two.left.set_flags("INBOX", left("INBOX", 2), {Flag::flagged});
        two.left.remove("A", left("A", 7));
    }

    static void at_every_step(Faults::Kind kind)
    {
        TwoSides whole(GetParam().left, GetParam().right);
        move_on_both_sides(whole);
        constexpr const char* folders[] = {"INBOX", "A", "B"};
        const auto steps = whole.steps_of_run();
        const auto expected = texts(whole.left);
        ASSERT_TRUE(whole.equal());
        // One of the folders at each step, another for each kind of fault.
        for (std::size_t at = 1; at <= steps && !HasFailure(); ++at) {
            const char* const folder = folders[(at + static_cast<std::size_t>(kind)) % 3];
            SCOPED_TRACE("step " + std::to_string(at) + ", then -f " + folder);
            TwoSides two(GetParam().left, GetParam().right);
            move_on_both_sides(two);
            two.faults.plan(kind, at);
            try {
                two.run();
            } catch (const Crash&) {
            }
            two.faults.plan(Faults::Kind::none, 0);
            EXPECT_THAT(run_with(two, folder).failures, IsEmpty());
            EXPECT_THAT(two.run().failures, IsEmpty());
            EXPECT_TRUE(two.equal());
            EXPECT_EQ(texts(two.left), expected);
            two.run();
            EXPECT_EQ(two.steps_of_run(), 0);
        }
    }

    TwoSides two {GetParam().left, GetParam().right};
};

TEST_P(ChosenFolders, after_a_crash_before_a_step_of_a_move_lose_and_double_nothing)
{
    at_every_step(Faults::Kind::crash_before);
}
TEST_P(ChosenFolders, after_a_crash_after_a_step_of_a_move_lose_and_double_nothing)
{
    at_every_step(Faults::Kind::crash_after);
}
TEST_P(ChosenFolders, after_a_lost_answer_lose_and_double_nothing)
{
    at_every_step(Faults::Kind::lost_answer);
}

TEST_P(ChosenFolders, that_are_gone_wait_for_a_run_that_looks_everywhere)
{
    for (const char* const folder : {"INBOX", "Renamed", "Removed"})
        for (int i = 0; i < 3; ++i)
            two.right.add(folder, mail(folder + std::to_string(i)));
    two.run();
    two.run();
    two.left.rename_folder("Renamed", "New");
    two.left.remove_folder("Removed");
    for (const char* const folder : {"Renamed", "Removed"}) {
        EXPECT_THAT(run_with(two, folder).failures, SizeIs(1));
        EXPECT_THAT(two.left.names(), testing::Not(testing::Contains(folder)));
        EXPECT_EQ(two.right.ids(folder).size(), 3);
    }
    EXPECT_THAT(two.run().failures, IsEmpty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("Renamed").size(), 0);
    EXPECT_EQ(two.left.ids("New").size(), 3);
    EXPECT_EQ(two.left.ids("Removed").size(), 3);
}

/// Where the folder had another name when it was synchronised, its messages go with it.
TEST_P(ChosenFolders, that_had_another_name_are_filled_from_there)
{
    for (const char* const folder : {"INBOX", "Old here", "Old there"})
        for (int i = 0; i < 3; ++i)
            two.right.add(folder, mail(folder + std::to_string(i)));
    two.run();
    two.run();
    two.left.rename_folder("Old here", "New here");
    two.right.rename_folder("Old there", "New there");
    for (const char* const folder : {"INBOX", "New here", "New there"})
        EXPECT_THAT(run_with(two, folder).failures, IsEmpty());
    for (const MailStore* const store : {&two.left, &two.right})
        EXPECT_EQ(texts(*store).size(), 9);
    EXPECT_THAT(two.run().failures, IsEmpty());
    EXPECT_TRUE(two.equal());
    for (const char* const folder : {"INBOX", "New here", "New there"})
        EXPECT_EQ(two.left.ids(folder).size(), 3);
    EXPECT_EQ(texts(two.left).size(), 9);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_P(ChosenFolders, that_are_gone_are_not_told_to_be_made)
{
    two.right.add("Gone", mail("a"));
    two.run();
    two.run();
    two.left.remove_folder("Gone");
    two.rules.dry_run = true;
    for (const auto& folder : run_with(two, "Gone").plan.folders)
        EXPECT_THAT(folder.actions, IsEmpty());
}

constexpr MailStore::Abilities plain_server {
    .returns_ids = false, .move = false, .tokens = false, .coverage = Coverage::snapshot};
constexpr MailStore::Abilities listing_server {.coverage = Coverage::delta_listed};

INSTANTIATE_TEST_SUITE_P(
    Servers, ChosenFolders,
    testing::Values(
        Setup {"maildir and a modern server", maildir_like, {}},
        Setup {"maildir and a listing server", maildir_like, listing_server},
        Setup {"maildir and a plain server", maildir_like, plain_server},
        Setup {"two servers", {}, {}}, Setup {"two plain servers", plain_server, plain_server}));

}  // namespace
}  // namespace offlineimap::test
