// SPDX-License-Identifier: Apache-2.0
#include "protocol/uid_set.hpp"
#include "protocol/uid_tally.hpp"

#include <gmock/gmock.h>

#include <random>
#include <set>

namespace offlineimap::imap::test {

namespace {

constexpr Uid highest = 4294967295U;

std::set<Uid> members(const UidSet& set)
{
    std::set<Uid> uids;
    for (const auto range : set.ranges())
        for (std::uint64_t uid = range.first; uid <= range.last; ++uid)
            uids.insert(static_cast<Uid>(uid));
    return uids;
}

}  // namespace

TEST(UidSet, writes_ranges)
{
    EXPECT_EQ(UidSet({5, 1, 2, 3, 7, 3}).text(), "1:3,5,7");
    EXPECT_EQ(UidSet({highest, highest - 1}).text(), "4294967294:4294967295");
    EXPECT_EQ(UidSet().text(), "");
}

TEST(UidSet, adds_in_any_order)
{
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
        UidSet set;
        std::set<Uid> expected;
        for (int i = 0; i < 20; ++i) {
            const auto first = static_cast<Uid>(1 + random() % 60);
            const auto last = static_cast<Uid>(first + random() % 5);
            set.add(UidRange {first, last});
            for (Uid uid = first; uid <= last; ++uid)
                expected.insert(uid);
        }
        ASSERT_EQ(members(set), expected);
        for (Uid uid = 1; uid < 70; ++uid)
            ASSERT_EQ(set.contains(uid), expected.contains(uid)) << uid << " in " << set.text();
        ASSERT_EQ(set, UidSet(std::vector<Uid>(expected.begin(), expected.end()))) << "not compact";
        ASSERT_EQ(set.size(), expected.size());
    }
}

TEST(UidSet, adds_at_the_very_end)
{
    UidSet set;
    set.add({highest, highest});
    set.add({5, 6});
    set.add({7, highest - 1});
    EXPECT_EQ(set.text(), "5:4294967295");
}

TEST(UidSet, takes_another_set)
{
    auto set = parse_uid_set("1:3,7,10:20").value();
    set.add(parse_uid_set("4:5,8,15:30").value());
    EXPECT_EQ(set.text(), "1:5,7:8,10:30");
    set.add(UidSet());
    set.add(parse_uid_set("40,50").value());
    EXPECT_EQ(set.text(), "1:5,7:8,10:30,40,50");
    UidSet empty;
    empty.add(set);
    EXPECT_EQ(empty, set);
}

TEST(UidSet, takes_sets_that_lie_in_between_in_no_time)
{
    UidSet odd, even;
    for (Uid uid = 1; uid < 2'000'000; uid += 4) {
        odd.add(uid);
        even.add(uid + 2);
    }
    odd.add(even);
    EXPECT_EQ(odd.size(), 1'000'000U);
}

TEST(UidTally, counts_each_once_in_whatever_order)
{
    UidTally tally;
    for (const Uid uid : {5U, 5U, 9U, 3U, 7U, 3U, 9U, 4'294'967'295U, 5U})
        tally.add(uid);
    EXPECT_EQ(tally.size(), 5U);
    EXPECT_GE(tally.at_most(), 5U);
}

TEST(UidSet, splits_by_length_and_loses_nothing)
{
    UidSet set;
    for (Uid uid = 1; uid < 4000; uid += 2)
        set.add(uid);
    UidSet joined;
    for (const auto& piece : set.split(100)) {
        EXPECT_LE(piece.text().size(), 100U);
        for (const auto range : piece.ranges())
            joined.add(range);
    }
    EXPECT_EQ(joined, set);
    EXPECT_EQ(set.split(1'000'000).size(), 1U);
    EXPECT_TRUE(UidSet().split(100).empty());
}

TEST(UidSet, reads_what_servers_write)
{
    EXPECT_EQ(parse_uid_set("3,1:2,9:7")->text(), "1:3,7:9");
    EXPECT_EQ(parse_uid_set("4294967295")->text(), "4294967295");
    for (const auto* bad : {"", ",", "1,", "1:", ":1", "0", "1:*", "a", "4294967296", "1 2", "-1"})
        EXPECT_FALSE(parse_uid_set(bad)) << bad;
}

TEST(UidSet, keeps_the_order_of_a_list)
{
    const auto list = parse_uid_list("5,1:2");
    ASSERT_TRUE(list);
    EXPECT_THAT(*list, ::testing::ElementsAre(UidRange {5, 5}, UidRange {1, 2}));
}

}  // namespace offlineimap::imap::test
