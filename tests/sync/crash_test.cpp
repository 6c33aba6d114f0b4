// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include <gmock/gmock.h>

// Ends the process, or cuts the connection, at every durable step of a mixed run: afterwards one
// run heals, the next does nothing, and each message is there exactly once.

namespace offlineimap::test {
namespace {

struct Setup {
    const char* name;
    MailStore::Abilities left, right;
};

void PrintTo(const Setup& setup, std::ostream* out)
{
    *out << setup.name;
}

constexpr MailStore::Abilities plain_server {
    .returns_ids = false, .move = false, .tokens = false, .coverage = Coverage::snapshot};
constexpr MailStore::Abilities listing_server {.coverage = Coverage::delta_listed};

class CrashAnywhere : public testing::TestWithParam<Setup> {
protected:
    /// Something of everything happened on both sides since the last run.
    static void change_both_sides(TwoSides& two)
    {
        for (int i = 0; i < 12; ++i)
            two.right.add("INBOX", mail("m" + std::to_string(i)));
        two.right.add("Archive", mail("old"));
        two.right.add("Renamed here", mail("a")), two.right.add("Renamed here", mail("b"));
        two.right.add("Renamed there", mail("c")), two.right.add("Renamed there", mail("d"));
        two.run();
        two.run();
        const auto left = two.left.ids("INBOX"), right = two.right.ids("INBOX");
        two.left.add("INBOX", mail("up 1"), {Flag::seen});
        two.left.add("Archive", mail("up 2"));
        two.right.add("INBOX", mail("down 1"), {Flag::flagged});
        two.right.add("Archive", mail("down 2"));
        two.left.set_flags("INBOX", left[0], {Flag::answered});
        two.right.set_flags("INBOX", right[1], {Flag::flagged});
        two.left.remove("INBOX", left[2]);
        two.right.remove("INBOX", right[3]);
        two.left.move("INBOX", left[4], "Archive");
        two.right.move("INBOX", right[5], "Archive");
        two.left.add("Made here", mail("up 3"));
        two.right.add("Made there", mail("down 3"));
        two.left.rename_folder("Renamed here", "New here");
        two.right.rename_folder("Renamed there", "New there");
    }

    static void expect_healed(TwoSides& two, const std::multiset<std::string>& expected)
    {
        two.faults.plan(Faults::Kind::none, 0);
        EXPECT_TRUE(two.run().failures.empty());
        EXPECT_TRUE(two.equal());
        EXPECT_EQ(texts(two.left), expected);
        two.run();
        EXPECT_EQ(two.steps_of_run(), 0);
    }

    static std::multiset<std::string> texts(const MailStore& store)
    {
        std::multiset<std::string> out;
        for (const auto& [folder, mails] : store.contents())
            for (const auto& m : mails)
                out.insert(folder + "/" + m.text);
        return out;
    }

    void at_every_step(Faults::Kind kind)
    {
        TwoSides whole(GetParam().left, GetParam().right);
        change_both_sides(whole);
        const auto steps = whole.steps_of_run();
        const auto expected = texts(whole.left);
        ASSERT_TRUE(whole.equal());
        ASSERT_GT(steps, 15);
        for (std::size_t at = 1; at <= steps; ++at) {
            SCOPED_TRACE("step " + std::to_string(at));
            TwoSides two(GetParam().left, GetParam().right);
            change_both_sides(two);
            two.faults.plan(kind, at);
            try {
                two.run();
            } catch (const Crash&) {
            }
            expect_healed(two, expected);
            if (HasFailure()) break;
        }
    }
};

TEST_P(CrashAnywhere, heals_after_a_crash_before_a_step)
{
    at_every_step(Faults::Kind::crash_before);
}
TEST_P(CrashAnywhere, heals_after_a_crash_after_a_step)
{
    at_every_step(Faults::Kind::crash_after);
}
TEST_P(CrashAnywhere, heals_after_a_lost_answer)
{
    at_every_step(Faults::Kind::lost_answer);
}

INSTANTIATE_TEST_SUITE_P(
    Servers, CrashAnywhere,
    testing::Values(
        Setup {"maildir and a modern server", maildir_like, {}},
        Setup {"maildir and a listing server", maildir_like, listing_server},
        Setup {"maildir and a plain server", maildir_like, plain_server},
        Setup {"two servers", {}, {}}));

}  // namespace
}  // namespace offlineimap::test
