// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include <gmock/gmock.h>

// Numbers of messages that lead to others by now.

namespace offlineimap::test {
namespace {

struct OldNumbers : testing::TestWithParam<MailStore::Abilities> {
    TwoSides two {GetParam()};

    static void fill(TwoSides& two)
    {
        for (int i = 0; i < 6; ++i)
            two.right.add("INBOX", mail("m" + std::to_string(i)));
        two.right.add("Archive", mail("old"));
        two.run();
        two.run();
    }
    void SetUp() override { fill(two); }
};

TEST_P(OldNumbers, finds_the_messages_again_when_numbers_went_back_under_one_uidvalidity)
{
    const auto before = two.left.contents();
    const auto left = two.left.texts_out, right = two.right.texts_out;
    two.right.turn_back("INBOX");
    EXPECT_TRUE(two.run().failures.empty()) << testing::PrintToString(two.lines.lines);
    EXPECT_EQ(two.left.texts_out, left);
    EXPECT_EQ(two.right.texts_out, right);
    EXPECT_EQ(two.left.contents(), before);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

/// What was in it is found by content, too, wherever it is here.
TEST_P(OldNumbers, looks_into_no_other_folder_where_one_is_gone_whose_numbers_went_back)
{
    two.right.turn_back("Archive");
    two.left.rename_folder("Archive", "2026");
    EXPECT_TRUE(two.run().failures.empty()) << testing::PrintToString(two.lines.lines);
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.right.ids("INBOX").size(), 6);
    EXPECT_EQ(two.right.ids("2026").size(), 1);
    EXPECT_TRUE(two.right.ids("Archive").empty());
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

/// The number that a file's name tells of may be another message's now.
TEST_P(OldNumbers, follows_no_other_message_to_where_a_file_was_carried_after_a_run_that_ended)
{
    for (std::size_t at = 1; at < 40 && !HasFailure(); ++at) {
        SCOPED_TRACE("step " + std::to_string(at));
        TwoSides other(GetParam());
        fill(other);
        const auto carried = other.left.ids("INBOX")[1];
        const auto text = other.left.folder("INBOX").mails.at(carried).text;
        other.left.move("INBOX", carried, "Archive");
        other.right.renumber("INBOX");
        other.faults.plan(Faults::Kind::crash_before, at);
        try {
            other.run();
        } catch (const Crash&) {
        }
        other.faults.plan(Faults::Kind::none, 0);
        // What has that number now.
        if (other.left.folder("INBOX").mails.contains(carried)) other.left.remove("INBOX", carried);
        other.run();
        EXPECT_TRUE(other.equal());
        std::size_t found = 0;  // in one folder or the other
        for (const auto& [folder, mails] : other.right.contents())
            found += mails.count({text, {}, {}, 0, {}});
        EXPECT_EQ(found, 1);
    }
}

/// A message that is there by that number now was not carried away.
TEST_P(OldNumbers, remove_nothing_after_a_run_that_ended)
{
    for (const bool is_gone : {false, true})
        for (std::size_t at = 1; at < 30 && !HasFailure(); ++at) {
            SCOPED_TRACE((is_gone ? "gone, step " : "step ") + std::to_string(at));
            TwoSides other(GetParam());
            fill(other);
            const Note note {"Archive", "carrying.1", "1"};
            other.status.put(std::span(&note, 1));
            other.right.renumber("Archive");
            if (is_gone) other.left.remove_folder("Archive");
            other.faults.plan(Faults::Kind::crash_before, at);
            try {
                other.run();
            } catch (const Crash&) {
            }
            other.faults.plan(Faults::Kind::none, 0);
            other.left.remove_folder("Archive");
            other.run();
            EXPECT_EQ(other.right.ids("Archive").size(), 1);
            EXPECT_TRUE(other.equal());
        }
}

/// It was not this message that was on its way then.
TEST_P(OldNumbers, tell_of_no_marks_where_the_folder_is_gone)
{
    const Set<Flag> here {Flag::seen, Flag::flagged}, there {Flag::seen, Flag::answered};
    two.right.renumber("Archive");
    const auto id = two.right.add("Archive", mail("m"), there);
    const Note note {
        "Archive", "storing.left." + id.value, "above 1 marks " + std::to_string(there.bits())};
    two.status.put(std::span(&note, 1));
    two.left.rename_folder("Archive", "2026");
    two.left.add("2026", mail("m"), here);
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_TRUE(two.right.contents().at("2026").contains({mail("m"), here | there, {}, 0, {}}));
}

/// A folder with new numbers of which too little is known is skipped: what it has may be what was
/// carried away on the other side.
TEST_P(OldNumbers, double_nothing_that_was_carried_away_from_a_folder_that_is_in_doubt)
{
    for (const auto& id : two.left.ids("INBOX"))
        if (two.left.folder("INBOX").mails.at(id).text != mail("m5"))
            two.left.move("INBOX", id, "Archive", Keep::nothing);
    two.right.remove("INBOX", two.right.find("INBOX", mail("m5")));
    two.right.renumber("INBOX");
    EXPECT_THAT(two.run().failures, testing::ElementsAre(Errc::epoch_changed));
    EXPECT_THAT(two.lines.lines, testing::Contains(testing::HasSubstr("waits: ")));
    EXPECT_EQ(two.right.ids("Archive").size(), 1);
    two.left.remove("INBOX", two.left.ids("INBOX").front());  // nothing is in doubt any more
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_TRUE(two.right.ids("INBOX").empty());
    EXPECT_EQ(two.right.ids("Archive").size(), 6);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

/// What is new in a skipped folder is not seen to have come from where its record is lost, too.
TEST_P(OldNumbers, double_nothing_that_was_carried_to_a_folder_that_is_in_doubt)
{
    two.right.renumber("INBOX");
    two.left.move("INBOX", two.left.find("INBOX", mail("m5")), "Archive", Keep::nothing);
    two.right.remove("Archive", two.right.ids("Archive").front());
    two.right.renumber("Archive");
    EXPECT_THAT(two.run().failures, testing::ElementsAre(Errc::epoch_changed));
    EXPECT_EQ(two.left.ids("INBOX").size(), 5);
    two.left.remove("Archive", two.left.find("Archive", mail("old")));
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("INBOX").size() + two.left.ids("Archive").size(), 6);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

/// Nobody can read by then what the file was that has another name now.
TEST_P(OldNumbers, double_nothing_when_a_folder_gets_new_ones_while_messages_are_compared)
{
    const auto id = two.left.ids("INBOX").front();
    if (GetParam().takes_ids)
        two.left.rename("INBOX", id);
    else
        two.left.move("INBOX", id, "Archive");
    bool is_done = false;
    two.right.on_fetch = [&](Part) -> std::optional<Error> {
        if (!std::exchange(is_done, true)) two.right.renumber("INBOX");
        return std::nullopt;
    };
    two.run();
    EXPECT_TRUE(is_done);
    EXPECT_TRUE(two.run().failures.empty());
    EXPECT_TRUE(two.equal());
    EXPECT_EQ(two.left.ids("INBOX").size() + two.left.ids("Archive").size(), 7);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

std::string name_of(const testing::TestParamInfo<MailStore::Abilities>& one)
{
    return one.param.takes_ids ? "Maildir" : "Server";
}

INSTANTIATE_TEST_SUITE_P(
    Left, OldNumbers, testing::Values(maildir_like, MailStore::Abilities {}), name_of);

}  // namespace
}  // namespace offlineimap::test
