// SPDX-License-Identifier: Apache-2.0
#include "settled.hpp"

#include <gmock/gmock.h>

// Folders that were renamed or removed on one side since the last run.

namespace offlineimap::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

struct GoneFolders : SettledTest { };

TEST_F(GoneFolders, fills_a_folder_again_that_was_removed_locally)
{
    settle();
    two.left.remove_folder("Archive");
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.ids("Archive").size(), 1);
}

TEST_F(GoneFolders, makes_a_folder_again_without_calling_that_new_numbers)
{
    settle();
    two.right.remove_folder("Archive");
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.ids("Archive").size(), 1);
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("made there again")));
    EXPECT_THAT(two.lines.lines, Not(Contains(HasSubstr("UIDVALIDITY"))));
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

/// The stores refuse to erase, and to open once more, what the run has opened already.
TEST_F(GoneFolders, empties_the_records_of_a_folder_that_is_made_again_while_they_are_open)
{
    settle();
    two.right.set_flags("Archive", two.right.ids("Archive").front(), {Flag::flagged});
    two.left.remove_folder("Archive");
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.contents().at("Archive").begin()->flags, Set<Flag> {Flag::flagged});
}

TEST_F(GoneFolders, keeps_an_edit_of_what_was_moved_to_a_folder_that_is_renamed_here)
{
    settle();
    const auto id = two.right.add("INBOX", mail("moved"));
    two.run();
    two.left.set_flags("INBOX", two.left.find("INBOX", mail("moved")), {Flag::flagged});
    two.left.rename_folder("Archive", "2026");
    two.right.move("INBOX", id, "Archive");
    const auto result = two.run();
    EXPECT_TRUE(result.failures.empty());
    EXPECT_EQ(result.counts.copied + result.counts.removed, 0);
    EXPECT_TRUE(two.equal());
    const auto moved = two.right.find("Archive", mail("moved"));
    EXPECT_EQ(two.right.folder("Archive").mails.at(moved).flags, Set<Flag> {Flag::flagged});
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

/// Who cannot say what was in it: its messages would be there twice.
TEST_F(GoneFolders, waits_for_one_that_cannot_be_listed_on_the_other_side)
{
    settle();
    two.right.rename_folder("Archive", "2026");
    two.left.on_listing = [](const std::string& folder) {
        if (folder == "Archive") throw Error(Errc::io, Scope::folder, Retry::never, "no right");
    };
    two.right.add("INBOX", mail("new"));
    two.left.add("INBOX", mail("written"));
    auto result = two.run();
    EXPECT_FALSE(result.failures.empty());
    EXPECT_EQ(result.counts.copied, 1) << "from the side that has all its folders";
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("what is new in Remote waits")));
    two.left.on_listing = [](const std::string&) {};
    result = two.run();
    EXPECT_TRUE(result.failures.empty());
    EXPECT_EQ(result.counts.moved, 1);
    EXPECT_EQ(result.counts.copied, 1);
    EXPECT_TRUE(two.equal());
    EXPECT_TRUE(two.left.ids("Archive").empty());
    EXPECT_EQ(two.left.ids("INBOX").size(), 12);
}

TEST_F(GoneFolders, makes_none_again_while_one_is_missing_that_it_may_be)
{
    settle();
    two.right.rename_folder("Archive", "2026");
    two.left.on_creation = [](const std::string&) {
        throw Error(Errc::io, Scope::folder, Retry::never, "no space");
    };
    EXPECT_FALSE(two.run().failures.empty());
    EXPECT_THAT(two.right.names(), Not(Contains("Archive")));
    two.left.on_creation = [](const std::string&) {};
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("2026").size(), 1);
    EXPECT_TRUE(two.left.ids("Archive").empty());
}

/// Its new numbers say that it is not the one that was known: that one is elsewhere.
TEST_F(GoneFolders, follows_when_another_folder_takes_the_name_of_one_renamed_on_the_server)
{
    settle();
    two.left.set_flags("Archive", two.left.ids("Archive").front(), {Flag::flagged});
    two.right.rename_folder("Archive", "2026");
    two.right.add("Archive", mail("new"));
    const auto result = two.run();
    EXPECT_THAT(result.failures, testing::ElementsAre(Errc::epoch_changed));
    EXPECT_EQ(result.counts.moved, 1);
    EXPECT_EQ(result.counts.copied + result.counts.removed, 0);
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    const auto contents = two.left.contents();
    EXPECT_EQ(
        contents.at("2026"), (std::multiset<Mail> {{mail("old"), {Flag::flagged}, {}, 0, {}}}));
    EXPECT_EQ(contents.at("Archive"), (std::multiset<Mail> {{mail("new"), {}, {}, 0, {}}}));
}

/// As a log is rotated: the second run sees what came to the name that was free again.
TEST_F(GoneFolders, follows_when_names_are_handed_on_on_the_server)
{
    settle();
    two.right.folder("Current").validity = 5;
    for (int i = 0; i < 3; ++i)
        two.right.add("Current", mail("current" + std::to_string(i)));
    two.run();
    two.run();
    two.right.rename_folder("Archive", "Oldest");
    two.right.rename_folder("Current", "Archive");
    two.right.add("Current", mail("new"));
    two.right.folder("Current").validity = 7;
    two.run();
    const auto result = two.run();
    EXPECT_EQ(result.counts.copied + result.counts.removed, 0);
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("Oldest").size(), 1);
    EXPECT_EQ(two.left.ids("Archive").size(), 3);
    EXPECT_EQ(two.left.ids("Current").size(), 1);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

/// It waits for both folders: the one that it comes to, and the one that it comes from.
TEST_F(GoneFolders, follows_a_message_from_a_folder_that_was_renamed_then_to_one_renamed_here)
{
    settle();
    two.right.add("Work", mail("moved"));
    two.run();
    two.left.rename_folder("Archive", "2026");
    two.right.move("Work", two.right.find("Work", mail("moved")), "Archive");
    two.right.rename_folder("Work", "Done");
    const auto result = two.run();
    EXPECT_TRUE(result.failures.empty());
    EXPECT_EQ(result.counts.copied + result.counts.removed, 0);
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.contents().at("Archive").size(), 1);
    EXPECT_TRUE(two.left.ids("Work").empty());
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

/// What was announced of it names it by an id that it has still.
TEST(GoneFoldersOfMaildirs, keep_an_edit_of_what_was_moved_to_one_that_is_renamed_after_a_crash)
{
    for (std::size_t at = 1; at < 30 && !testing::Test::HasFailure(); ++at) {
        SCOPED_TRACE("step " + std::to_string(at));
        TwoSides two;
        two.right.add("INBOX", mail("m"), {Flag::seen, Flag::flagged});
        two.right.add("INBOX", mail("other"));
        two.right.add("Archive", mail("old"));
        two.run();
        two.run();
        two.left.set_flags("INBOX", two.left.find("INBOX", mail("m")), {});
        for (const auto& id : two.left.ids("INBOX"))
            two.left.move("INBOX", id, "Archive", Keep::nothing);
        two.faults.plan(Faults::Kind::crash_before, at);
        try {
            two.run();
        } catch (const Crash&) {
        }
        two.faults.plan(Faults::Kind::none, 0);
        two.left.rename_folder("Archive", "2026");
        EXPECT_TRUE(two.run().failures.empty());
        EXPECT_TRUE(two.equal());
        const auto contents = two.right.contents();
        EXPECT_EQ(contents.size(), 1);
        EXPECT_EQ(contents.at("2026").count({mail("m"), {}, {}, 0, {}}), 1);
    }
}

/// Each of both is where the other side has no folder: one of them follows when that is made.
void expect_one_where_both_places_are_gone(TwoSides& two)
{
    for (const char* const folder : {"INBOX", "A", "B"})
        two.right.add(folder, mail(folder));
    two.run();
    two.run();
    // An upload to A of which the answer was lost; then it was carried to B there.
    const auto id = two.left.add("A", mail("m"));
    const Note note {"A", "storing.right." + id.value, "above 1 marks 0"};
    two.status.put(std::span(&note, 1));
    two.right.add("B", mail("m"));
    two.right.rename_folder("A", "A2");
    two.left.rename_folder("B", "B2");
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    const auto contents = two.left.contents();
    EXPECT_EQ(contents.at("INBOX").size(), 1);
    EXPECT_FALSE(contents.contains("A"));
    EXPECT_EQ(contents.at("B"), (std::multiset<Mail> {{mail("m"), {}, {}, 0, {}}}));
    EXPECT_EQ(contents.at("A2").size(), 1);
    EXPECT_EQ(contents.at("B2").size(), 1);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_F(GoneFolders, wait_for_each_other_with_what_was_carried_on_after_a_crash)
{
    expect_one_where_both_places_are_gone(two);
}

TEST(GoneFoldersOfTwoServers, wait_for_each_other_with_what_was_carried_on_after_a_crash)
{
    TwoSides two(MailStore::Abilities {});
    expect_one_where_both_places_are_gone(two);
}

TEST(GoneFoldersOfPlainServers, wait_for_each_other_with_what_was_carried_on_after_a_crash)
{
    constexpr MailStore::Abilities plain {.returns_ids = false, .move = false};
    TwoSides two(plain, plain);
    expect_one_where_both_places_are_gone(two);
}

/// A server without UIDPLUS takes another pass for each upload, and the folders are made in two.
TEST(GoneFoldersOfPlainServers, are_made_and_filled_in_one_run)
{
    constexpr MailStore::Abilities plain {
        .returns_ids = false, .move = false, .tokens = false, .coverage = Coverage::snapshot};
    TwoSides two(plain, plain);
    two.right.add("INBOX", mail("a")), two.right.add("Archive", mail("old"));
    two.right.add("Work", mail("moved")), two.right.add("Work", mail("gone"));
    two.run();
    two.left.rename_folder("Archive", "2026");
    two.right.move("Work", two.right.find("Work", mail("moved")), "Archive");
    two.right.remove("Work", two.right.find("Work", mail("gone")));
    two.right.rename_folder("Work", "Done");
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("Archive").size(), 1);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_F(GoneFolders, follows_when_a_folder_is_renamed_locally)
{
    settle();
    two.right.set_flags("Archive", two.right.ids("Archive").front(), {Flag::flagged});
    two.left.rename_folder("Archive", "2026");
    const auto result = two.run();
    EXPECT_EQ(result.counts.copied + result.counts.removed, 0);
    EXPECT_EQ(result.counts.moved, 1);
    EXPECT_TRUE(two.equal());
    const auto contents = two.right.contents();
    EXPECT_FALSE(contents.contains("Archive"));
    EXPECT_EQ(contents.at("2026").begin()->flags, Set<Flag> {Flag::flagged});
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_F(GoneFolders, follows_when_a_folder_is_renamed_on_the_server)
{
    settle();
    two.right.rename_folder("Archive", "2026");
    two.right.add("2026", mail("new there"));
    EXPECT_EQ(two.run().counts.moved, 1);
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("2026").size(), 2);
    EXPECT_TRUE(two.left.ids("Archive").empty());
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

/// createfolders = no: what was in them is followed all the same.
struct FoldersThatAreNotMade : SettledTest { };

TEST_F(FoldersThatAreNotMade, are_followed_when_they_are_renamed_locally)
{
    settle();
    two.rules.folders.left.create = false;
    two.right.set_flags("Archive", two.right.ids("Archive").front(), {Flag::flagged});
    two.left.rename_folder("Archive", "2026");
    const auto result = two.run();
    EXPECT_TRUE(result.failures.empty());
    EXPECT_EQ(result.counts.copied + result.counts.removed, 0);
    EXPECT_EQ(result.counts.moved, 1);
    EXPECT_TRUE(two.equal());
    EXPECT_THAT(two.left.names(), Not(Contains("Archive")));
    EXPECT_TRUE(two.right.ids("Archive").empty());
    EXPECT_EQ(two.right.contents().at("2026").begin()->flags, Set<Flag> {Flag::flagged});
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
    EXPECT_THAT(two.lines.lines, Not(Contains(HasSubstr("Archive"))));
}

TEST_F(FoldersThatAreNotMade, are_followed_when_they_are_renamed_on_the_server)
{
    settle();
    two.rules.folders.right.create = false;
    two.right.rename_folder("Archive", "2026");
    const auto result = two.run();
    EXPECT_TRUE(result.failures.empty());
    EXPECT_EQ(result.counts.copied + result.counts.removed, 0);
    EXPECT_EQ(result.counts.moved, 1);
    EXPECT_TRUE(two.equal());
    EXPECT_THAT(two.right.names(), Not(Contains("Archive")));
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_F(FoldersThatAreNotMade, are_not_told_to_be_made_in_a_dry_run)
{
    settle();
    two.rules.folders.left.create = false;
    two.rules.dry_run = true;
    two.left.rename_folder("Archive", "2026");
    two.run();
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("Remote:Archive -> Remote:2026")));
    EXPECT_THAT(two.lines.lines, Not(Contains(HasSubstr("Creating folder Archive"))));
    EXPECT_THAT(two.lines.lines, Not(Contains(HasSubstr("Copy message"))));
}

/// It is no longer kept equal: there it is as removed as in a folder that is filtered out.
TEST_F(FoldersThatAreNotMade, take_along_what_is_moved_there_on_the_server)
{
    settle();
    two.rules.folders.left.create = false;
    two.left.remove_folder("Archive");
    two.right.move("INBOX", two.right.ids("INBOX").front(), "Archive");
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_EQ(two.left.ids("INBOX").size(), 9);
    EXPECT_EQ(two.right.ids("Archive").size(), 2);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

/// The disk that it is on was not mounted for a while.
TEST_F(FoldersThatAreNotMade, are_known_when_they_are_there_again)
{
    settle();
    two.right.add("Archive", mail("removed later"));
    two.run();
    two.rules.folders.left.create = false;
    two.left.folder("Archive").removed = true;
    const auto id = two.right.find("Archive", mail("removed later"));
    two.right.set_flags("Archive", id, {Flag::seen});
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("may not be made again")));
    two.right.remove("Archive", id);
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_EQ(two.steps_of_run(), 0);
    for (MailFolder& folder : two.left.folders)
        folder.removed = false;
    const auto result = two.run();
    EXPECT_EQ(result.counts.copied, 0);
    EXPECT_EQ(result.counts.removed, 1);
    EXPECT_TRUE(two.equal());
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
    two.left.rename_folder("Archive", "2026");
    EXPECT_EQ(two.run().counts.moved, 1);
}

}  // namespace
}  // namespace offlineimap::test
