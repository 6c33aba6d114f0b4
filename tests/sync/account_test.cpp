// SPDX-License-Identifier: Apache-2.0
#include "settled.hpp"

#include <gmock/gmock.h>

namespace offlineimap::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

struct Account : SettledTest { };

TEST_F(Account, brings_remote_mail_to_an_empty_local_side)
{
    two.right.add("INBOX", mail("a"), {Flag::seen});
    two.right.add("Lists", mail("b"));
    const auto result = two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(result.counts.copied, 2);
    EXPECT_TRUE(result.failures.empty());
}

TEST_F(Account, brings_local_mail_to_the_server_and_gives_it_the_servers_id)
{
    settle();
    two.left.add("INBOX", mail("mine"));
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("INBOX"), two.right.ids("INBOX"));
}

/// Two folders of twenty messages each on `from`; told to stop while the first is being copied.
void stop_in_the_first_folder(TwoSides& two, MailStore& from)
{
    for (int i = 0; i < 20; ++i)
        for (const char* folder : {"A", "B"})
            from.add(folder, mail(folder + std::to_string(i)));
    from.on_text = [&] { two.stop.told = true; };
    EXPECT_THROW(two.run(), Error);
    from.on_text = [] {};
    two.stop.told = false;
}

TEST_F(Account, fills_the_folder_at_hand_before_it_stops)
{
    two.left.folder("A"), two.left.folder("B");
    stop_in_the_first_folder(two, two.right);
    EXPECT_EQ(two.left.ids("A").size(), 20U);
    EXPECT_EQ(two.left.ids("B").size(), 0U);
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.texts_out, 40U + 1U);  // the one that was not wanted any more
}

TEST_F(Account, sends_the_folder_at_hand_before_it_stops)
{
    two.right.folder("A"), two.right.folder("B");
    stop_in_the_first_folder(two, two.left);
    EXPECT_EQ(two.right.ids("A").size(), 20U);
    EXPECT_EQ(two.right.ids("B").size(), 0U);
    EXPECT_EQ(two.right.ids("A"), two.left.ids("A"));
    two.run();
    EXPECT_TRUE(two.equal());
}

TEST_F(Account, looks_into_touched_folders_alone)
{
    settle();
    two.left.abilities.tells_tokens = false;
    two.left.add("INBOX", mail("one"));
    two.left.add("Archive", mail("two"));
    two.rules.touched.emplace();
    two.rules.touched->left = {{"INBOX"}};
    two.run();
    EXPECT_EQ(two.right.ids("INBOX").size(), 11U);
    EXPECT_EQ(two.right.ids("Archive").size(), 1U);
    two.rules.touched.reset();
    two.run();
    EXPECT_TRUE(two.equal());
}

/// What happens between two watches nobody would tell of.
TEST_F(Account, looks_into_folders_of_which_the_list_tells_as_into_touched_ones)
{
    settle();
    two.left.add("INBOX", mail("one"));
    two.right.add("Archive", mail("two"));
    two.rules.touched.emplace();
    two.rules.touched->left = {{"INBOX"}};
    two.run();
    EXPECT_EQ(two.right.ids("INBOX").size(), 11U);
    EXPECT_EQ(two.left.ids("Archive").size(), 2U);
    EXPECT_TRUE(two.equal());
}

TEST_F(Account, does_nothing_when_nothing_changed)
{
    settle();
    EXPECT_EQ(two.steps_of_run(), 0);
    EXPECT_EQ(two.right.texts_out, 11);
}

TEST_F(Account, opens_no_records_when_a_folder_was_asked_and_nothing_changed)
{
    settle();
    two.right.abilities.tells_tokens = false;
    const int opened = two.status.opened;
    EXPECT_EQ(two.steps_of_run(), 0);
    EXPECT_EQ(two.status.opened, opened);
}

TEST_F(Account, keeps_flag_edits_of_both_sides)
{
    settle();
    const auto id = two.right.ids("INBOX").front();
    two.left.set_flags("INBOX", id, {Flag::seen});
    two.right.set_flags("INBOX", id, {Flag::flagged});
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.folder("INBOX").mails.at(id).flags, (Set<Flag> {Flag::seen, Flag::flagged}));
}

TEST_F(Account, lets_a_deletion_win_over_a_flag_edit)
{
    settle();
    const auto id = two.right.ids("INBOX").front();
    two.left.set_flags("INBOX", id, {Flag::seen});
    two.right.remove("INBOX", id);
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("INBOX").size(), 9);
}

TEST_F(Account, deletes_in_both_directions)
{
    settle();
    two.left.remove("INBOX", two.left.ids("INBOX").front());
    two.right.remove("INBOX", two.right.ids("INBOX").back());
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.ids("INBOX").size(), 8);
}

TEST_F(Account, follows_a_local_move_without_sending_a_text)
{
    settle();
    const auto before = two.left.texts_out;
    two.left.move("INBOX", two.left.ids("INBOX").front(), "Archive");
    const auto result = two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(result.counts.moved, 1);
    EXPECT_EQ(two.left.texts_out, before);
}

TEST_F(Account, follows_a_remote_move_without_fetching_a_text)
{
    settle();
    const auto before = two.right.texts_out;
    two.right.move("INBOX", two.right.ids("INBOX").front(), "Archive");
    const auto result = two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(result.counts.moved, 1);
    EXPECT_EQ(two.right.texts_out, before);
}

/// Saved again, a draft may have the header and the size of what it replaces.
TEST_F(Account, brings_the_next_version_of_a_draft)
{
    settle();
    two.right.add("INBOX", mail("draft"), {Flag::draft});
    two.run();
    std::string changed = mail("draft");
    changed.replace(changed.find("hello"), 5, "HELLO");
    two.right.remove("INBOX", two.right.find("INBOX", mail("draft")));
    two.right.add("INBOX", changed, {Flag::draft});
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_NO_THROW(two.left.find("INBOX", changed));
}

TEST_F(Account, makes_one_message_of_the_same_move_on_both_sides)
{
    settle();
    const auto before = two.right.texts_out;
    two.left.move("INBOX", two.left.ids("INBOX").front(), "Archive");
    two.right.move("INBOX", two.right.ids("INBOX").front(), "Archive");
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("Archive").size(), 2);
    EXPECT_EQ(two.right.texts_out, before);
}

TEST_F(Account, keeps_the_local_edit_of_a_message_that_went_and_came_back_on_the_server)
{
    settle();
    const auto id = two.right.ids("INBOX").front();
    two.left.set_flags("INBOX", id, {Flag::flagged});
    two.right.move("INBOX", id, "Archive");
    two.right.move("Archive", two.right.ids("Archive").back(), "INBOX");
    const auto before = two.right.texts_out;
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.texts_out, before);
    EXPECT_TRUE(
        two.right.folder("INBOX").mails.at(two.right.ids("INBOX").back()).flags.has(Flag::flagged));
}

TEST_F(Account, creates_folders_on_either_side)
{
    settle();
    two.left.add("Local only", mail("l"));
    two.right.add("Remote only", mail("r"));
    const auto result = two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(result.counts.folders_created, 2);
}

TEST_F(Account, stops_when_the_local_root_has_vanished)
{
    settle();
    two.left.folders.clear();
    const auto before = two.right.contents();
    const auto result = two.run();
    EXPECT_THAT(result.failures, Contains(Errc::stopped));
    EXPECT_EQ(two.right.contents(), before);
}

TEST_F(Account, skips_a_folder_whose_uid_validity_changed)
{
    settle();
    two.right.folder("INBOX").validity = 7;
    two.right.folder("INBOX").mails.clear();
    const auto before = two.left.contents();
    const auto result = two.run();
    EXPECT_THAT(result.failures, Contains(Errc::epoch_changed));
    EXPECT_EQ(two.left.contents(), before);
}

TEST_F(Account, changes_nothing_in_a_dry_run_and_says_what_it_would_do)
{
    settle();
    two.rules.dry_run = true;
    two.left.add("INBOX", mail("mine"));
    two.right.add("New", mail("theirs"));
    EXPECT_EQ(two.steps_of_run(), 0);
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("Local:INBOX -> Remote:INBOX")));
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("Remote:New -> Local:New")));
    EXPECT_FALSE(two.equal());
}

TEST_F(Account, leaves_a_readonly_server_alone)
{
    settle();
    two.rules.sides.right.readonly = true;
    two.rules.folders.right.create = false;
    two.left.add("INBOX", mail("mine"));
    two.left.remove("INBOX", two.left.ids("INBOX").front());
    two.left.set_flags("INBOX", two.left.ids("INBOX").front(), {Flag::seen});
    const auto before = two.right.contents();
    two.run();
    EXPECT_EQ(two.right.contents(), before);
}

TEST_F(Account, adopts_what_both_sides_have_without_transferring_it)
{
    for (int i = 0; i < 5; ++i) {
        two.left.add("INBOX", mail("m" + std::to_string(i)));
        two.right.add("INBOX", mail("m" + std::to_string(4 - i)));
    }
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.ids("INBOX").size(), 5);
    EXPECT_EQ(two.steps_of_run(), 1) << "only the new local token is kept";
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_F(Account, names_a_file_again_that_lost_its_id)
{
    settle();
    auto& inbox = two.left.folder("INBOX");
    auto node = inbox.mails.extract(inbox.mails.begin());
    node.key() = {".renamed"};
    node.mapped().mod_seq = ++inbox.mod_seq;
    inbox.mails.insert(std::move(node));
    const auto before = two.right.contents();
    const auto result = two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(result.counts.copied, 0);
    EXPECT_EQ(two.right.contents(), before);
}

TEST_F(Account, is_blind_to_keywords_that_one_side_cannot_keep)
{
    auto bare = maildir_like;
    bare.keywords = false;
    TwoSides account(bare);
    const auto id = account.right.add("INBOX", mail("a"));
    account.right.folder("INBOX").mails.at(id).keywords.insert("$label1");
    account.run();
    account.left.set_flags("INBOX", account.left.ids("INBOX").front(), {Flag::seen});
    account.run();
    EXPECT_EQ(account.right.folder("INBOX").mails.at(id).keywords.count("$label1"), 1);
    EXPECT_TRUE(account.right.folder("INBOX").mails.at(id).flags.has(Flag::seen));
}

}  // namespace
}  // namespace offlineimap::test
