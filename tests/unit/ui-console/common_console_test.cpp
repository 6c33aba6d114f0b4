// SPDX-License-Identifier: Apache-2.0
#include "common-console/printable.hpp"
#include "common-console/units.hpp"

#include <gtest/gtest.h>

namespace offlineimap::console {
namespace {

TEST(Printable, leaves_text_alone)
{
    for (const char* text : {"", "INBOX/Sent items", "K\xc3\xa4se \xe2\x82\xac \xf0\x9f\x93\xa7"})
        EXPECT_EQ(printable(text), text);
}

TEST(Printable, replaces_what_a_terminal_obeys)
{
    struct Case {
        std::string_view in, out;
    };
    using namespace std::string_view_literals;
    const Case cases[] = {
        {"\033[2J", "?[2J"},
        {"a\tb\nc\rd", "a b c d"},
        {"a\0b\x01\x08\x7f"sv, "a?b???"},
        {"\xc2\x9b"
         "31m",
         "?31m"},  // CSI of C1 in UTF-8
        {"\x9b"
         "31m",
         "?31m"},  // and as a byte
        {"a\xe2\x80\xae"
         "b",
         "a?b"},                    // right-to-left override
        {"\xe2\x81\xa6x", "?x"},    // isolate
        {"\xf3\xa0\x81\x81", "?"},  // a tag that nobody sees
    };
    for (const Case& entry : cases)
        EXPECT_EQ(printable(entry.in), entry.out);
}

TEST(Printable, replaces_bytes_that_are_no_utf_8)
{
    EXPECT_EQ(printable("\xff\xfe"), "??");
    EXPECT_EQ(printable("\xc0\xaf"), "??");            // overlong
    EXPECT_EQ(printable("\xe0\x80\x9b"), "???");       // overlong CSI
    EXPECT_EQ(printable("\xed\xa0\x80"), "???");       // surrogate
    EXPECT_EQ(printable("\xf4\x90\x80\x80"), "????");  // beyond the last one
    EXPECT_EQ(printable("\xe2\x82"), "??");            // cut off
    EXPECT_EQ(printable("\xe2\x82\x1b"), "???");       // cut off by an escape
}

TEST(Columns, count_wide_and_combining_characters)
{
    EXPECT_EQ(columns("abc"), 3u);
    EXPECT_EQ(columns("K\xc3\xa4se"), 4u);
    EXPECT_EQ(columns("a\xcc\x88"), 1u);
    EXPECT_EQ(columns("\xe6\x97\xa5\xe6\x9c\xac"), 4u);
    EXPECT_EQ(columns("\xf0\x9f\x93\xa7"), 2u);
}

TEST(Columns, fitting_never_cuts_a_character)
{
    const std::string_view text = "a\xe6\x97\xa5\xe6\x9c\xac"
                                  "b";
    EXPECT_EQ(fitting(text, 0), "");
    EXPECT_EQ(fitting(text, 2), "a");
    EXPECT_EQ(fitting(text, 3), "a\xe6\x97\xa5");
    EXPECT_EQ(fitting(text, 6), text);
    EXPECT_EQ(fitting("ab", 100), "ab");
}

TEST(Units, are_short)
{
    EXPECT_EQ(byte_text(0), "0 B");
    EXPECT_EQ(byte_text(999), "999 B");
    EXPECT_EQ(byte_text(1000), "1.0 kB");
    EXPECT_EQ(byte_text(9999), "9.9 kB");
    EXPECT_EQ(byte_text(12'345'678), "12 MB");
    EXPECT_EQ(byte_text(UINT64_MAX), "18 EB");
    EXPECT_EQ(duration_text(0), "0:00");
    EXPECT_EQ(duration_text(67), "1:07");
    EXPECT_EQ(duration_text(3723), "1:02:03");
}

}  // namespace
}  // namespace offlineimap::console
