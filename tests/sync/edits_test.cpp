// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include <gtest/gtest.h>

// A mark that somebody took away stays away, whatever a run that ended early had stored before.

namespace offlineimap::test {
namespace {

const Set<Flag> read {Flag::seen};

class EditsAfterCrash : public testing::TestWithParam<Faults::Kind> {
protected:
    /// For each step of a run: what happens before it, the run that ends there, what happens then.
    template <class Before, class After> void at_every_step(Before before, After after)
    {
        TwoSides whole(left, right);
        before(whole);
        const auto steps = whole.steps_of_run();
        ASSERT_GT(steps, 3);
        for (std::size_t at = 1; at <= steps && !HasFailure(); ++at) {
            SCOPED_TRACE("step " + std::to_string(at));
            TwoSides two(left, right);
            before(two);
            two.faults.plan(GetParam(), at);
            EXPECT_THROW(two.run(), Crash);
            two.faults.plan(Faults::Kind::none, 0);
            after(two);
            two.run();
            EXPECT_EQ(two.steps_of_run(), 0);
        }
    }
    static void expect_flags(TwoSides& two, const std::string& folder, Set<Flag> flags)
    {
        EXPECT_TRUE(two.run().failures.empty());
        EXPECT_TRUE(two.equal());
        const auto& mails = two.right.folder(folder).mails;
        ASSERT_EQ(mails.size(), 1);
        EXPECT_EQ(mails.begin()->second.flags, flags);
    }

    MailStore::Abilities left = maildir_like, right = {};
};

TEST_P(EditsAfterCrash, a_flag_that_an_uploaded_message_loses_stays_away)
{
    at_every_step(
        [](TwoSides& two) { two.left.add("INBOX", mail("m"), read); },
        [](TwoSides& two) {
            two.left.set_flags("INBOX", two.left.ids("INBOX").front(), {});
            expect_flags(two, "INBOX", {});
        });
}

TEST_P(EditsAfterCrash, a_flag_that_an_uploaded_message_loses_on_the_server_stays_away)
{
    at_every_step(
        [](TwoSides& two) {
            two.right.folder("INBOX");
            two.left.add("INBOX", mail("m"), read);
        },
        [](TwoSides& two) {
            const auto there = two.right.ids("INBOX");
            if (!there.empty()) two.right.set_flags("INBOX", there.front(), {});
            expect_flags(two, "INBOX", there.empty() ? read : Set<Flag> {});
        });
}

TEST_P(EditsAfterCrash, a_flag_taken_away_before_the_message_was_moved_stays_away)
{
    at_every_step(
        [](TwoSides& two) {
            two.right.add("INBOX", mail("m"), read);
            two.right.folder("Archive");
            two.run();
            two.right.set_flags("INBOX", two.right.ids("INBOX").front(), {Flag::flagged});
            two.left.move("INBOX", two.left.ids("INBOX").front(), "Archive", Keep::nothing);
        },
        [](TwoSides& two) { expect_flags(two, "Archive", {Flag::flagged}); });
}

/// The first run of all may end anywhere: what it recorded is not looked up again by content.
TEST_P(EditsAfterCrash, a_flag_that_one_of_two_servers_took_away_stays_away)
{
    left = right = {.sessions = 1};
    at_every_step(
        [](TwoSides& two) {
            for (auto* side : {&two.left, &two.right})
                side->folder("Archive");
            two.left.folder("INBOX");
            two.right.add("INBOX", mail("m"), read);
        },
        [](TwoSides& two) {
            const auto there = two.left.ids("INBOX");
            if (!there.empty()) two.left.set_flags("INBOX", there.front(), {});
            two.right.move("INBOX", two.right.ids("INBOX").front(), "Archive");
            expect_flags(two, "Archive", there.empty() ? read : Set<Flag> {});
        });
}

INSTANTIATE_TEST_SUITE_P(
    Crashes, EditsAfterCrash,
    testing::Values(Faults::Kind::crash_before, Faults::Kind::crash_after),
    [](const auto& kind) { return kind.param == Faults::Kind::crash_before ? "before" : "after"; });

/// A message whose flag the server took away, and which somebody carries elsewhere on the other
/// side while the run lists the folders there: it looks removed.
class EditsAndMoves : public testing::Test {
protected:
    EditsAndMoves()
    {
        two.right.folder("INBOX");
        two.right.add("Work", mail("m"), read);
        two.run();
        two.right.set_flags("Work", two.right.ids("Work").front(), {});
    }
    /// After INBOX was listed.
    void carry_before_it_is_listed(const std::string& to)
    {
        two.left.on_listing = [this, to](const std::string& folder) {
            if (folder != "Work" || two.left.ids("Work").empty()) return;
            two.left.move("Work", two.left.ids("Work").front(), to);
        };
    }
    void expect_only_in(const std::string& folder)
    {
        EXPECT_TRUE(two.equal());
        const auto contents = two.left.contents();
        ASSERT_EQ(contents.size(), 1);
        ASSERT_EQ(contents.begin()->first, folder);
        EXPECT_EQ(contents.begin()->second, (std::multiset<Mail> {{mail("m"), {}, {}, 0, {}}}));
    }
    TwoSides two {{.move = true, .sessions = 1}, {.sessions = 1}};
};

TEST_F(EditsAndMoves, an_edit_goes_with_a_message_that_was_carried_to_a_folder_listed_before)
{
    carry_before_it_is_listed("INBOX");
    two.run();
    expect_only_in("INBOX");
}

TEST_F(EditsAndMoves, an_edit_goes_with_a_message_that_was_carried_to_a_folder_made_meanwhile)
{
    carry_before_it_is_listed("New");
    EXPECT_EQ(two.run().counts.removed, 0);
    two.run();
    expect_only_in("New");
}

/// Without UIDPLUS each upload takes another pass. In the second one the server's edit is seen, and
/// meets nothing any more on the other side; in the third one only that side has changed again.
TEST(EditsInPasses, an_edit_goes_with_a_message_that_was_carried_away_before_the_edit_came)
{
    TwoSides two(maildir_like, {.returns_ids = false, .sessions = 1});
    two.right.folder("INBOX");
    two.right.add("Work", mail("m"), read);
    two.run();
    const auto add_two = [&](const std::string& subject) {
        for (const auto* number : {" 1", " 2"})
            two.left.add("INBOX", mail(subject + number));
    };
    add_two("first");
    int done = 0;
    two.faults.meanwhile([&] {
        const auto arrived = two.right.ids("INBOX").size();
        if (done == 0 && arrived == 1) {
            ++done;
            two.right.set_flags("Work", two.right.ids("Work").front(), {Flag::flagged});
            add_two("second");
        } else if (done == 1 && arrived == 3) {
            ++done;
            two.left.move("Work", two.left.ids("Work").front(), "INBOX", Keep::nothing);
        }
    });
    two.run();
    two.faults.meanwhile({});
    ASSERT_EQ(done, 2);
    two.run();
    EXPECT_TRUE(two.equal());
    const auto inbox = two.right.contents()["INBOX"];
    EXPECT_EQ(inbox.size(), 5);
    EXPECT_TRUE(inbox.contains({mail("m"), {Flag::flagged}, {}, 0, {}}));
}

TEST_F(EditsAndMoves, a_deletion_wins_over_an_edit_in_one_run)
{
    two.left.remove("Work", two.left.ids("Work").front());
    EXPECT_EQ(two.run().counts.removed, 1);
    EXPECT_TRUE(two.right.ids("Work").empty());
    EXPECT_EQ(two.run().counts.removed, 0);
}

}  // namespace
}  // namespace offlineimap::test
