// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

// Random changes on both sides with random faults between them. Every message text is unique, so
// that a lost or doubled one shows.

namespace offlineimap::test {
namespace {

class Story {
public:
    explicit Story(unsigned seed, MailStore::Abilities right)
        : moves_left_(seed % 2 == 0), random_(seed), two(maildir_like, right)
    {
        for (const auto& name : folders_) {
            two.left.folder(name);
            two.right.folder(name);
        }
    }

    void change(MailStore& store)
    {
        const auto folder = pick_folder();
        const auto ids = store.ids(folder);
        const auto what = number(10);
        if (what < 4 || ids.empty()) {
            store.add(folder, mail("n" + std::to_string(++mails_)), some_flags());
        } else if (what < 7) {
            store.set_flags(folder, ids[number(ids.size())], some_flags());
        } else if (what < 8) {
            store.remove(folder, ids[number(ids.size())]);
        } else if (&store == &mover() && two.right.abilities.move) {
            store.move(folder, ids[number(ids.size())], pick_folder());
        }
    }

    void run_with_fault()
    {
        const Faults::Kind kinds[] = {
            Faults::Kind::none, Faults::Kind::crash_before, Faults::Kind::crash_after,
            Faults::Kind::lost_answer};
        const auto kind = kinds[number(4)];
        two.faults.plan(kind, 1 + number(30));
        try {
            two.run();
        } catch (const Crash&) {
        }
        two.faults.plan(Faults::Kind::none, 0);
    }

    /// Only one side moves: the same message moved to two places is two messages afterwards.
    MailStore& mover() { return moves_left_ ? two.left : two.right; }
    std::size_t number(std::size_t below) { return random_() % below; }

private:
    const std::string& pick_folder() { return folders_[number(3)]; }
    Set<Flag> some_flags() { return Set<Flag>::from_bits(number(8)); }

    const bool moves_left_;
    std::mt19937 random_;
    const std::string folders_[3] = {"INBOX", "A", "B"};
    unsigned mails_ = 0;

public:
    TwoSides two;
};

/// No text twice on one side: all are unique.
void expect_no_doubles(const MailStore& store)
{
    std::set<std::string> seen;
    for (const auto& [folder, mails] : store.contents())
        for (const auto& m : mails)
            EXPECT_TRUE(seen.insert(m.text).second) << folder << " " << m.text;
}

unsigned rounds()
{
    const char* const wanted = std::getenv("OFFLINEIMAP_TEST_ROUNDS");
    return wanted ? static_cast<unsigned>(std::atoi(wanted)) : 60;
}

void tell(MailStore::Abilities right)
{
    for (unsigned seed = 1; seed <= rounds(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Story story(seed, right);
        story.two.rules.budget = sync::parse_budget("100%");
        for (int round = 0; round < 6; ++round) {
            for (auto n = story.number(8); n > 0; --n)
                story.change(story.two.left);
            for (auto n = story.number(8); n > 0; --n)
                story.change(story.two.right);
            story.run_with_fault();
        }
        story.two.run();
        EXPECT_TRUE(story.two.equal());
        expect_no_doubles(story.two.left);
        if (testing::Test::HasFailure()) return;
    }
}

TEST(Random, converges_with_a_modern_server)
{
    tell({});
}
TEST(Random, converges_with_a_plain_server)
{
    tell({.returns_ids = false, .move = false, .tokens = false, .coverage = Coverage::snapshot});
}

}  // namespace
}  // namespace offlineimap::test
