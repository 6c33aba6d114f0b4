// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include <gmock/gmock.h>

// A server that gives a folder another UIDVALIDITY: all ids are void, the messages are the same.

namespace offlineimap::test {
namespace {

using testing::Contains;
using testing::Each;
using testing::HasSubstr;

struct Recovery : testing::TestWithParam<MailStore::Abilities> {
    TwoSides two {GetParam()};

    void settle()
    {
        for (int i = 0; i < 10; ++i)
            two.right.add("INBOX", mail("m" + std::to_string(i)), {Flag::seen});
        two.right.add("Archive", mail("old"));
        two.run();
        two.run();
    }
    void expect_equal_without_transfers(std::uint64_t left_texts, std::uint64_t right_texts)
    {
        EXPECT_TRUE(two.equal());
        EXPECT_EQ(two.left.texts_out, left_texts);
        EXPECT_EQ(two.right.texts_out, right_texts);
    }
};

TEST_P(Recovery, finds_the_messages_again_without_a_transfer)
{
    settle();
    const auto before = two.left.contents();
    const auto left = two.left.texts_out, right = two.right.texts_out;
    two.right.renumber("INBOX");
    EXPECT_TRUE(two.run().failures.empty()) << testing::PrintToString(two.lines.lines);
    expect_equal_without_transfers(left, right);
    EXPECT_EQ(two.left.contents(), before);
    if (GetParam().takes_ids) {
        EXPECT_EQ(two.left.ids("INBOX"), two.right.ids("INBOX"));
    }
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_P(Recovery, merges_marks_against_the_old_records)
{
    settle();
    // Seen was taken away here, and flagged added there.
    two.left.set_flags("INBOX", two.left.find("INBOX", mail("m3")), {});
    two.right.set_flags("INBOX", two.right.find("INBOX", mail("m3")), {Flag::seen, Flag::flagged});
    two.right.renumber("INBOX");
    two.run();
    EXPECT_TRUE(two.equal());
    const auto inbox = two.left.contents().at("INBOX");
    EXPECT_EQ(
        std::count_if(
            inbox.begin(), inbox.end(),
            [](const Mail& m) { return m.flags == Set<Flag> {Flag::flagged}; }),
        1);
}

/// Another message has such a number now.
TEST_P(Recovery, forgets_what_was_noted_of_messages_by_their_old_numbers)
{
    settle();
    two.right.renumber("INBOX");
    const Set<Flag> here {Flag::seen, Flag::flagged}, there {Flag::seen, Flag::answered};
    const auto id = two.right.add("INBOX", mail("m"), there);
    const Note note {"INBOX", "naming." + id.value, "id marks " + std::to_string(there.bits())};
    two.status.put(std::span(&note, 1));
    two.left.add("Archive", mail("m"), here);
    two.run();
    EXPECT_TRUE(two.equal());
    const auto& archive = two.right.folder("Archive").mails;
    EXPECT_EQ(archive.at(two.right.find("Archive", mail("m"))).flags, here | there);
}

/// It was not this message that was on its way then.
TEST_P(Recovery, keeps_edits_of_a_message_whose_record_went_with_the_old_numbers)
{
    settle();
    const Set<Flag> here {Flag::seen, Flag::flagged}, there {Flag::seen, Flag::answered};
    two.right.add("INBOX", mail("m"), there);
    two.left.add("Archive", mail("m"), here);
    const Note notes[] = {
        {"INBOX", "renumbering", "1"},
        {"INBOX", "storing.right.gone", "above 1 marks " + std::to_string(there.bits())}};
    two.status.put(notes);
    two.run();
    EXPECT_TRUE(two.equal());
    std::size_t found = 0;
    for (const auto& [folder, mails] : two.right.contents())
        found += mails.count({mail("m"), here | there, {}, 0, {}});
    EXPECT_EQ(found, 1);
}

/// The next version of a draft may differ from the last one by a letter.
TEST_P(Recovery, reads_drafts_before_it_takes_two_for_one)
{
    settle();
    std::string changed = mail("draft");
    changed.replace(changed.find("hello"), 5, "HELLO");
    two.left.add("INBOX", mail("draft"), {Flag::draft});
    two.right.add("INBOX", changed, {Flag::draft});
    two.right.renumber("INBOX");
    two.run();
    EXPECT_TRUE(two.equal());
    const auto inbox = two.left.contents().at("INBOX");
    EXPECT_EQ(inbox.size(), 12);
    EXPECT_TRUE(inbox.contains({changed, {Flag::draft}, {}, 0, {}}));
}

TEST_P(Recovery, follows_a_message_that_was_carried_to_another_folder)
{
    settle();
    two.left.set_flags("INBOX", two.left.find("INBOX", mail("m3")), {});
    two.right.renumber("INBOX");
    two.right.move("INBOX", two.right.find("INBOX", mail("m3")), "Archive");
    two.run();
    EXPECT_TRUE(two.equal());
    const auto archive = two.right.contents().at("Archive");
    EXPECT_EQ(archive.size(), 2);
    EXPECT_TRUE(archive.contains({mail("m3"), {}, {}, 0, {}}));
}

TEST_P(Recovery, copies_what_one_side_alone_has_after_a_run_that_ended_at_any_step)
{
    for (std::size_t at = 1; at < 40 && !HasFailure(); ++at) {
        SCOPED_TRACE("step " + std::to_string(at));
        TwoSides other(GetParam());
        for (int i = 0; i < 5; ++i)
            other.right.add("INBOX", mail("m" + std::to_string(i)));
        other.run();
        other.run();
        other.right.renumber("INBOX");
        other.right.remove("INBOX", other.right.ids("INBOX").front());
        other.left.remove("INBOX", other.left.ids("INBOX").back());
        other.faults.plan(Faults::Kind::crash_before, at);
        try {
            other.run();
        } catch (const Crash&) {
        }
        other.faults.plan(Faults::Kind::none, 0);
        other.run();
        EXPECT_TRUE(other.equal());
    }
}

TEST_P(Recovery, goes_on_without_a_message_that_the_server_never_gave)
{
    const auto never = mail("one that the server cannot read itself");
    two.right.broken = {never};
    two.right.add("INBOX", never);
    settle();
    two.right.renumber("INBOX");
    two.right.add("INBOX", mail("new"));
    for (int run = 0; run < 2; ++run) {
        EXPECT_THAT(two.run().failures, Each(Errc::rejected));
        EXPECT_EQ(two.left.ids("INBOX").size(), 11);
        EXPECT_EQ(two.right.ids("INBOX").size(), 12);
    }
    two.right.broken.clear();
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("INBOX").size(), 12);
}

TEST_P(Recovery, waits_for_a_message_that_both_sides_may_have)
{
    settle();
    two.right.broken = {mail("m3")};
    two.right.renumber("INBOX");
    EXPECT_THAT(two.run().failures, Contains(Errc::epoch_changed));
    EXPECT_EQ(two.left.ids("INBOX").size(), 10);
    EXPECT_EQ(two.right.ids("INBOX").size(), 10);
    two.right.broken.clear();
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("INBOX").size(), 10);
}

TEST_P(Recovery, takes_new_mail_along)
{
    settle();
    two.left.add("INBOX", mail("new here"));
    two.right.add("INBOX", mail("new there"));
    two.right.renumber("INBOX");
    EXPECT_EQ(two.run().counts.copied, 2);
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("INBOX").size(), 12);
}

TEST_P(Recovery, keeps_what_the_server_has_no_longer)
{
    settle();
    two.right.remove("INBOX", two.right.ids("INBOX").front());
    two.right.renumber("INBOX");
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("INBOX").size(), 10);
}

TEST_P(Recovery, follows_moves_that_were_made_meanwhile)
{
    settle();
    two.left.move("INBOX", two.left.ids("INBOX")[2], "Archive");
    two.right.move("INBOX", two.right.ids("INBOX")[5], "Archive");
    two.right.renumber("INBOX");
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("INBOX").size(), 8);
    EXPECT_EQ(two.left.ids("Archive").size(), 3);
}

TEST_P(Recovery, skips_a_folder_that_may_be_another_one)
{
    settle();
    two.right.renumber("INBOX");
    two.right.folder("INBOX").mails.clear();
    const auto before = two.left.contents();
    EXPECT_THAT(two.run().failures, Contains(Errc::epoch_changed));
    EXPECT_EQ(two.left.contents(), before);
    EXPECT_TRUE(two.right.ids("INBOX").empty());
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("0 of 10 messages were found again")));
    EXPECT_THAT(two.run().failures, Contains(Errc::epoch_changed)) << "it must not be forgotten";
}

TEST_P(Recovery, skips_a_folder_of_which_a_message_may_have_been_altered)
{
    settle();
    two.right.renumber("INBOX");
    two.right.folder("INBOX").mails.begin()->second.text += "a line more\r\n";
    const auto before = two.left.contents();
    EXPECT_THAT(two.run().failures, Contains(Errc::epoch_changed));
    EXPECT_EQ(two.left.contents(), before);
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("another content")));
}

/// The kept UIDVALIDITY is lost: a metadata directory, a renamed repository.
struct LostNumbers : Recovery {
    void SetUp() override
    {
        settle();
        lose(two.directory.path / "Remote");
    }
    static void lose(const std::filesystem::path& state)
    {
        std::filesystem::remove_all(state);
        std::filesystem::create_directory(state);
    }
    void lose_everything()
    {
        for (const auto* folder : {"INBOX", "Archive"})
            two.status.erase(folder);
        lose(two.directory.path / "Local");
    }
    /// The same ids, and other messages.
    void replace_messages()
    {
        two.right.renumber("INBOX");
        for (auto& [id, mail] : two.right.folder("INBOX").mails)
            mail.text = test::mail("another " + id.value);
    }
};

TEST_P(LostNumbers, cost_nothing_where_the_messages_are_the_same)
{
    two.right.renumber("INBOX");
    const auto before = two.left.contents();
    const auto left = two.left.texts_out, right = two.right.texts_out;
    EXPECT_TRUE(two.run().failures.empty()) << testing::PrintToString(two.lines.lines);
    expect_equal_without_transfers(left, right);
    EXPECT_EQ(two.left.contents(), before);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_P(LostNumbers, delete_nothing_where_the_messages_are_others)
{
    replace_messages();
    two.right.folder("INBOX").mails.erase(two.right.folder("INBOX").mails.begin());
    const auto left = two.left.contents(), right = two.right.contents();
    EXPECT_THAT(two.run().failures, Contains(Errc::epoch_changed));
    EXPECT_EQ(two.left.contents(), left);
    EXPECT_EQ(two.right.contents(), right);
    EXPECT_THAT(two.run().failures, Contains(Errc::epoch_changed)) << "it must not be forgotten";
    two.repair();
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("INBOX").size(), 19);
}

TEST_P(LostNumbers, and_records_join_no_messages_but_the_same)
{
    if (!GetParam().takes_ids) GTEST_SKIP() << "no ids without records";
    lose_everything();
    replace_messages();
    const auto left = two.left.contents(), right = two.right.contents();
    EXPECT_THAT(two.run().failures, Contains(Errc::epoch_changed));
    EXPECT_EQ(two.left.contents(), left);
    EXPECT_EQ(two.right.contents(), right);
    two.repair();
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("INBOX").size(), 20);
}

TEST_P(LostNumbers, and_records_cost_no_transfer_where_the_messages_are_the_same)
{
    lose_everything();
    const auto before = two.left.contents();
    const auto left = two.left.texts_out, right = two.right.texts_out;
    EXPECT_TRUE(two.run().failures.empty());
    expect_equal_without_transfers(left, right);
    EXPECT_EQ(two.left.contents(), before);
}

TEST_P(Recovery, changes_nothing_in_a_dry_run)
{
    settle();
    two.right.renumber("INBOX");
    two.left.add("INBOX", mail("new here"));
    two.rules.dry_run = true;
    const auto ids = two.left.ids("INBOX");
    EXPECT_EQ(two.steps_of_run(), 0);
    EXPECT_EQ(two.left.ids("INBOX"), ids);
    EXPECT_THAT(two.lines.lines, Contains(HasSubstr("Copy message")));
    two.rules.dry_run = false;
    two.run();
    EXPECT_TRUE(two.equal());
}

TEST_P(Recovery, heals_after_a_crash_at_any_step)
{
    using Kind = Faults::Kind;
    for (const auto kind : {Kind::crash_before, Kind::crash_after, Kind::lost_answer})
        for (std::size_t at = 1;; ++at) {
            SCOPED_TRACE("step " + std::to_string(at));
            TwoSides one(GetParam());
            for (int i = 0; i < 8; ++i)
                one.right.add("INBOX", mail("m" + std::to_string(i)));
            one.run();
            one.left.add("INBOX", mail("new here"));
            one.left.remove("INBOX", one.left.ids("INBOX")[3]);
            one.right.renumber("INBOX");
            one.faults.plan(kind, at);
            try {
                one.run();
            } catch (const Crash&) {
            }
            const bool struck = one.faults.struck();
            one.faults.plan(Kind::none, 0);
            EXPECT_TRUE(one.run().failures.empty());
            EXPECT_TRUE(one.equal());
            EXPECT_EQ(one.left.ids("INBOX").size(), 9) << "each once; what was removed is back";
            one.run();
            EXPECT_EQ(one.steps_of_run(), 0);
            if (!struck || HasFailure()) break;
        }
}

TEST_P(Recovery, fills_a_folder_that_was_made_anew_on_the_server)
{
    settle();
    std::erase_if(
        two.right.folders, [](const MailFolder& f) { return f.path == FolderPath {"Archive"}; });
    two.run();
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.ids("Archive").size(), 1);
}

std::string name_of(const testing::TestParamInfo<MailStore::Abilities>& one)
{
    return one.param.takes_ids ? "Maildir" : "Server";
}

constexpr MailStore::Abilities server;
INSTANTIATE_TEST_SUITE_P(Left, Recovery, testing::Values(maildir_like, server), name_of);
INSTANTIATE_TEST_SUITE_P(Left, LostNumbers, testing::Values(maildir_like, server), name_of);

}  // namespace
}  // namespace offlineimap::test
