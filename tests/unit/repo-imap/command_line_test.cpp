// SPDX-License-Identifier: Apache-2.0
#include "protocol/base64.hpp"
#include "protocol/command_line.hpp"

#include <gmock/gmock.h>

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using namespace std::string_literals;

TEST(CommandLine, quotes)
{
    EXPECT_THAT(
        CommandLine(LiteralMode::plus, "SELECT").string("a \"b\\").parts(),
        ElementsAre("SELECT \"a \\\"b\\\\\""));
}

TEST(CommandLine, sends_what_cannot_be_quoted_as_literal)
{
    for (const auto& text : {"a\r\nb"s, "caf\xc3\xa9"s, "a\0b"s, "\x7f"s, std::string(1000, 'x')}) {
        const auto size = std::to_string(text.size());
        EXPECT_THAT(
            CommandLine(LiteralMode::plus, "X").string(text).raw(" y").parts(),
            ElementsAre("X {" + size + "+}\r\n" + text + " y"));
        EXPECT_THAT(
            CommandLine(LiteralMode::synchronising, "X").string(text).raw(" y").parts(),
            ElementsAre("X {" + size + "}\r\n", text + " y"));
    }
}

TEST(CommandLine, waits_for_large_literals_with_literal_minus)
{
    EXPECT_EQ(literal_header(LiteralMode::minus, 4096), "{4096+}");
    EXPECT_EQ(literal_header(LiteralMode::minus, 4097), "{4097}");
    EXPECT_EQ(literal_header(LiteralMode::plus, 4097), "{4097+}");
}

TEST(Base64, goes_both_ways)
{
    for (const auto& [bytes, text] :
         {std::pair {""s, ""s},
          {"f"s, "Zg=="s},
          {"fo"s, "Zm8="s},
          {"foobar"s, "Zm9vYmFy"s},
          {"\0\xff\xfe"s, "AP/+"s}}) {
        EXPECT_EQ(encode_base64(bytes), text);
        EXPECT_EQ(decode_base64(text), bytes);
    }
    for (const auto* bad : {"A", "AB", "====", "A===", "AB*=", "Zg==Zg=="})
        EXPECT_FALSE(decode_base64(bad)) << bad;
}

}  // namespace offlineimap::imap::test
