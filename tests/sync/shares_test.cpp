// SPDX-License-Identifier: Apache-2.0
#include "core/sync/shares.hpp"
#include "two_sides.hpp"

#include <gmock/gmock.h>

// Work in many folders, done by several sessions at once.

namespace offlineimap::test {
namespace {

struct Item {
    std::size_t pair;
};

/// `messages` items in each of so many folders.
std::vector<Item> items(std::size_t folders, std::size_t messages)
{
    std::vector<Item> out;
    for (std::size_t pair = 0; pair < folders; ++pair)
        out.insert(out.end(), messages, Item {pair});
    return out;
}

/// How many folders each session gets; each folder is in one share, and the shares are the whole.
std::vector<std::size_t> folders_of(const std::vector<Item>& all, unsigned limit)
{
    std::vector<std::size_t> folders;
    const Item* next = all.data();
    for (const auto share : sync::shares<Item>(all, limit)) {
        EXPECT_EQ(share.data(), next);
        next = share.data() + share.size();
        std::set<std::size_t> pairs;
        for (const Item& item : share)
            pairs.insert(item.pair);
        EXPECT_TRUE(
            share.empty() || next == all.data() + all.size() || next->pair > *pairs.rbegin());
        folders.push_back(pairs.size());
    }
    EXPECT_EQ(next, all.data() + all.size());
    return folders;
}

TEST(Shares, each_session_gets_as_many_folders_and_a_folder_goes_to_one)
{
    EXPECT_THAT(folders_of(items(50, 3), 4), testing::ElementsAre(12, 13, 12, 13));
    EXPECT_THAT(folders_of(items(17, 1), 4), testing::ElementsAre(5, 6, 6));
    EXPECT_THAT(folders_of(items(50, 3), 1), testing::ElementsAre(50));
}

TEST(Shares, a_few_folders_are_not_worth_another_session)
{
    EXPECT_THAT(folders_of(items(8, 1000), 4), testing::ElementsAre(8));
    EXPECT_THAT(folders_of({}, 4), testing::IsEmpty());
}

class ManyFolders : public testing::TestWithParam<Faults::Kind> {
protected:
    static constexpr int folders = 9;  ///< two sessions take them
    static std::string name(int folder) { return "Folder " + std::to_string(folder); }
    /// In each folder a flag that came on one side, and a message that went there.
    static void change_all(TwoSides& two)
    {
        for (int i = 0; i < folders; ++i) {
            auto& side = i % 2 == 0 ? two.left : two.right;
            const auto ids = side.ids(name(i));
            side.set_flags(name(i), ids.front(), {Flag::flagged});
            side.remove(name(i), ids.back());
        }
    }
    static void begin(TwoSides& two)
    {
        for (int i = 0; i < folders; ++i)
            for (const char* subject : {"stays", "goes"})
                two.right.add(name(i), mail(subject + std::to_string(i)));
        two.run();
        change_all(two);
    }
    static void expect_changed(TwoSides& two)
    {
        EXPECT_TRUE(two.equal());
        for (int i = 0; i < folders; ++i)
            EXPECT_EQ(
                two.right.contents()[name(i)],
                (std::multiset<Mail> {
                    {mail("stays" + std::to_string(i)), {Flag::flagged}, {}, 0, {}}}));
    }
};

TEST_P(ManyFolders, are_changed_at_once_and_a_fault_anywhere_leaves_nothing_undone)
{
    TwoSides whole;
    begin(whole);
    const auto steps = whole.steps_of_run();
    expect_changed(whole);
    for (std::size_t at = 1; at <= steps && !HasFailure(); ++at) {
        SCOPED_TRACE("step " + std::to_string(at));
        TwoSides two;
        begin(two);
        two.faults.plan(GetParam(), at);
        try {
            two.run();
        } catch (const Crash&) {
        }
        EXPECT_TRUE(two.faults.struck());
        two.faults.plan(Faults::Kind::none, 0);
        EXPECT_TRUE(two.run().failures.empty());
        expect_changed(two);
        two.run();  // what the run before did itself is in the tokens now
        EXPECT_EQ(two.steps_of_run(), 0);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Faults, ManyFolders,
    testing::Values(
        Faults::Kind::crash_before, Faults::Kind::crash_after, Faults::Kind::lost_answer),
    [](const auto& kind) { return "kind" + std::to_string(static_cast<int>(kind.param)); });

}  // namespace
}  // namespace offlineimap::test
