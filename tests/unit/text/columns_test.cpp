// SPDX-License-Identifier: Apache-2.0
#include "core/text/columns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace offlineimap::core {
namespace {

using testing::ElementsAre;

const std::vector<std::string> names {"a", "bb", "ccc", "d", "eeeee"};

ColumnStyle style(ColumnStyle::Fill fill, ColumnStyle::Width width = ColumnStyle::Width::equal)
{
    return {ColumnStyle::When::always, fill, width};
}

TEST(Columns, are_filled_one_after_the_other)
{
    EXPECT_THAT(
        in_columns(names, 20, style(ColumnStyle::Fill::columns)),
        ElementsAre("a      ccc    eeeee", "bb     d"));
}

TEST(Columns, or_row_by_row)
{
    EXPECT_THAT(
        in_columns(names, 20, style(ColumnStyle::Fill::rows)),
        ElementsAre("a      bb     ccc", "d      eeeee"));
}

TEST(Columns, may_each_be_as_wide_as_they_need)
{
    EXPECT_THAT(
        in_columns(names, 14, style(ColumnStyle::Fill::columns, ColumnStyle::Width::own)),
        ElementsAre("a   ccc  eeeee", "bb  d"));
}

TEST(Columns, are_one_where_there_is_no_room_or_it_is_wanted)
{
    EXPECT_EQ(in_columns(names, 4, style(ColumnStyle::Fill::columns)), names);
    EXPECT_EQ(in_columns(names, 0, style(ColumnStyle::Fill::columns)), names);
    EXPECT_EQ(in_columns(names, 80, style(ColumnStyle::Fill::plain)), names);
    EXPECT_TRUE(in_columns({}, 80, style(ColumnStyle::Fill::columns)).empty());
}

TEST(Columns, count_characters_and_not_bytes)
{
    EXPECT_THAT(
        in_columns({"ää", "b", "ü", "d"}, 6, style(ColumnStyle::Fill::columns)),
        ElementsAre("ää  ü", "b   d"));
}

}  // namespace
}  // namespace offlineimap::core
