// SPDX-License-Identifier: Apache-2.0
#include "core/text/nearest_name.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace offlineimap::core;

namespace {
const std::vector<std::string> names {"accounts", "autorefresh", "maxage", "maxsize", "ui"};
}

TEST(NearestName, finds_a_slip)
{
    EXPECT_EQ(nearest_name("acounts", names), "accounts");
    EXPECT_EQ(nearest_name("maxsiez", names), "maxsize");
    EXPECT_EQ(nearest_name("auto-refresh", names), "autorefresh");
}

TEST(NearestName, does_not_count_case)
{
    EXPECT_EQ(nearest_name("MAXAGE", names), "maxage");
}

TEST(NearestName, is_silent_about_another_word)
{
    EXPECT_EQ(nearest_name("password", names), "");
    EXPECT_EQ(nearest_name("", names), "");
    EXPECT_EQ(nearest_name("x", {}), "");
    EXPECT_EQ(nearest_name("fsync", names), "");
}

TEST(DidYouMean, is_the_end_of_a_sentence_or_nothing)
{
    EXPECT_EQ(did_you_mean("acount", names), ", did you mean \"accounts\"");
    EXPECT_EQ(did_you_mean("password", names), "");
}
