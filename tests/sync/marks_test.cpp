// SPDX-License-Identifier: Apache-2.0
#include "core/sync/marks.hpp"

#include <gmock/gmock.h>

namespace offlineimap::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Storable everything = storable_from_note({});

struct MergeMarks : testing::Test {
    KeywordSets sets;
    Marks marks(Set<Flag> flags, const std::vector<std::string>& keywords = {})
    {
        return {flags, sets.intern(keywords)};
    }
};

TEST_F(MergeMarks, takes_an_addition_from_each_side)
{
    const auto merged = merge(
        sets, marks({}, {"a"}), {marks({Flag::seen}, {"a", "b"}), marks({Flag::draft}, {"a", "c"})},
        {everything, everything});
    EXPECT_EQ(merged.marks, marks({Flag::seen, Flag::draft}, {"a", "b", "c"}));
    EXPECT_EQ(merged.change.left.add, Set<Flag> {Flag::draft});
    EXPECT_THAT(merged.change.left.add_keywords, ElementsAre("c"));
    EXPECT_EQ(merged.change.right.add, Set<Flag> {Flag::seen});
    EXPECT_THAT(merged.change.right.add_keywords, ElementsAre("b"));
}

TEST_F(MergeMarks, takes_a_removal_from_each_side)
{
    const auto merged = merge(
        sets, marks({Flag::seen, Flag::draft}, {"a", "b"}),
        {marks({Flag::seen}, {"a"}), marks({Flag::draft}, {"b"})}, {everything, everything});
    EXPECT_EQ(merged.marks, marks({}));
    EXPECT_EQ(merged.change.left.drop, Set<Flag> {Flag::seen});
    EXPECT_THAT(merged.change.right.drop_keywords, ElementsAre("b"));
}

TEST_F(MergeMarks, does_not_take_for_removed_what_a_side_cannot_keep)
{
    const Storable bare {{Flag::seen}, false, {"known"}};
    const auto base = marks({Flag::seen, Flag::forwarded}, {"known", "other"});
    const auto merged =
        merge(sets, base, {base, marks({Flag::seen}, {"known"})}, {everything, bare});
    EXPECT_EQ(merged.marks, base);
    EXPECT_TRUE(merged.change.left.empty());
    EXPECT_TRUE(merged.change.right.empty());
}

TEST_F(MergeMarks, keeps_storable_marks_through_a_note)
{
    const Storable some {{Flag::seen, Flag::draft}, false, {"$a", "b"}};
    EXPECT_EQ(storable_from_note(to_note(some)), some);
    EXPECT_TRUE(storable_from_note({}).any_keyword);
}

TEST_F(MergeMarks, records_only_what_both_sides_can_keep)
{
    const Storable bare {{Flag::seen}, false, {"k"}};
    EXPECT_EQ(
        common(sets, marks({Flag::seen, Flag::draft}, {"k", "x"}), {everything, bare}),
        marks({Flag::seen}, {"k"}));
}

}  // namespace
}  // namespace offlineimap::sync
