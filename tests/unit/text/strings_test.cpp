// SPDX-License-Identifier: Apache-2.0
#include "core/text/strings.hpp"

#include <gtest/gtest.h>

using namespace offlineimap::core;
using Views = std::vector<std::string_view>;
using Strings = std::vector<std::string>;

TEST(Strings, concat_takes_any_text)
{
    EXPECT_EQ(concat("a", std::string("b"), std::string_view("c")), "abc");
    EXPECT_EQ(concat(), "");
}

TEST(Strings, split_keeps_empty_pieces)
{
    EXPECT_EQ(split("a,,b,", ','), (Views {"a", "", "b", ""}));
    EXPECT_EQ(split("", ','), (Views {""}));
}

TEST(Strings, split_list_trims_and_drops_empty_items)
{
    EXPECT_EQ(split_list(" a b , ,c\n,"), (Strings {"a b", "c"}));
    EXPECT_EQ(split_list(""), Strings {});
}

TEST(Strings, join_is_the_way_back)
{
    EXPECT_EQ(join({"", "b", ""}, ", "), ", b, ");
    EXPECT_EQ(join({}, ", "), "");
}

TEST(Strings, trimmed_takes_blanks_off_both_ends)
{
    EXPECT_EQ(trimmed(" \t a b\r\n"), "a b");
    EXPECT_EQ(trimmed(" \t"), "");
}

TEST(Strings, lower_changes_ascii_only)
{
    EXPECT_EQ(lower("ÄBC"), "Äbc");
}
