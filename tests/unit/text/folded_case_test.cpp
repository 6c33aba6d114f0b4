// SPDX-License-Identifier: Apache-2.0
#include "core/text/folded_case.hpp"

#include <gtest/gtest.h>

using offlineimap::core::folded_case;

TEST(FoldedCase, takes_capitals_for_small_letters)
{
    EXPECT_EQ(folded_case("Archive-2024/ABC"), "archive-2024/abc");
    EXPECT_EQ(folded_case("ÄÖÜ ÉÑØ ŁŽĞ ΑΩ ЁЖЯ"), "äöü éñø łžğ αω ёжя");
    EXPECT_EQ(folded_case("ß×÷ 送信 𝄞"), "ß×÷ 送信 𝄞");
    EXPECT_EQ(folded_case("bad \xff\xc3"), "bad \xff\xc3");
}
