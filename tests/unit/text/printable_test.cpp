// SPDX-License-Identifier: Apache-2.0
#include "core/text/printable.hpp"

#include <gtest/gtest.h>

using offlineimap::core::printable;
using namespace std::string_literals;

TEST(Printable, leaves_text_alone)
{
    EXPECT_EQ(printable("Grüße, 日本 \xf0\x9f\x93\xac!"), "Grüße, 日本 \xf0\x9f\x93\xac!");
    EXPECT_EQ(printable(""), "");
}

TEST(Printable, turns_line_ends_into_blanks)
{
    EXPECT_EQ(printable("a\r\nb\tc"), "a  b c");
}

TEST(Printable, takes_out_escape_sequences)
{
    EXPECT_EQ(printable("\x1b[31mred\x07"), "?[31mred?");
    EXPECT_EQ(printable("nul\0del\x7f"s), "nul?del?");
}

TEST(Printable, takes_out_c1_controls)
{
    EXPECT_EQ(
        printable("\xc2\x9b"
                  "31m"),
        "?31m");
}

TEST(Printable, takes_out_changes_of_direction)
{
    EXPECT_EQ(
        printable("a\xe2\x80\xae"
                  "b\xe2\x81\xa9"
                  "c"),
        "a?b?c");
}

TEST(Printable, replaces_each_byte_that_is_not_utf8)
{
    EXPECT_EQ(printable("caf\xe9!"), "caf?!");
    EXPECT_EQ(printable("\xc0\xaf"), "??");            // overlong
    EXPECT_EQ(printable("\xed\xa0\x80"), "???");       // surrogate
    EXPECT_EQ(printable("\xf4\x90\x80\x80"), "????");  // beyond U+10FFFF
    EXPECT_EQ(printable("cut \xe2\x82"), "cut ??");
}
