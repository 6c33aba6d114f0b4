// SPDX-License-Identifier: Apache-2.0
#include "recorder.hpp"

#include <offlineimap/error.hpp>

#include <gmock/gmock.h>

namespace offlineimap::imap::test {

namespace {

using ::testing::HasSubstr;

/// What the parser says against it; empty when nothing.
std::string complaint_about(const std::string& input, Limits limits = {})
{
    Recorder recorder;
    Parser parser(recorder, Trace::off, limits);
    try {
        parser.feed(bytes_of(input));
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::protocol);
        EXPECT_EQ(error.scope(), Scope::session);
        return error.what();
    }
    return {};
}

std::string repeated(std::string_view text, int count)
{
    std::string result;
    for (int i = 0; i < count; ++i)
        result += text;
    return result;
}

}  // namespace

TEST(ParserLimits, refuses_an_endless_line)
{
    Limits limits;
    limits.line = 100;
    EXPECT_THAT(complaint_about("* OK " + std::string(200, 'x'), limits), HasSubstr("100 bytes"));
    EXPECT_THAT(
        complaint_about("* OK " + std::string(200, 'x') + "\r\n", limits), HasSubstr("100 bytes"));
    EXPECT_EQ(complaint_about("* OK " + std::string(50, 'x') + "\r\n", limits), "");
}

TEST(ParserLimits, takes_longer_lists_of_uids)
{
    Limits limits;
    limits.line = 100;
    EXPECT_EQ(complaint_about("* SEARCH " + repeated("12 ", 100) + "\r\n", limits), "");
    limits.uid_list = 200;
    EXPECT_NE(complaint_about("* SEARCH " + repeated("12 ", 100) + "\r\n", limits), "");
}

TEST(ParserLimits, counts_what_literals_add_to_a_line)
{
    Limits limits;
    limits.line = 100;
    EXPECT_NE(
        complaint_about("* LIST () \"/\" {90}\r\n" + std::string(90, 'x') + "\r\n", limits), "");
}

TEST(ParserLimits, refuses_large_literals_but_not_large_texts)
{
    Limits limits;
    limits.small_literal = 10;
    EXPECT_THAT(complaint_about("* LIST () \"/\" {11}\r\n", limits), HasSubstr("LIST"));
    const std::string text(1000, 'x');
    EXPECT_EQ(complaint_about("* 1 FETCH (UID 1 BODY[] {1000}\r\n" + text + ")\r\n", limits), "");
}

TEST(ParserLimits, refuses_too_many_literals)
{
    Limits limits;
    limits.literals = 3;
    const auto list = [](int count) {
        return "* 1 FETCH (X (" + repeated("{1}\r\na ", count) + ") UID 1)\r\n";
    };
    EXPECT_EQ(complaint_about(list(3), limits), "");
    EXPECT_NE(complaint_about(list(4), limits), "");
}

TEST(ParserLimits, refuses_deep_nesting)
{
    const auto nested = [](int depth) {
        return "* 1 FETCH (X " + repeated("(", depth) + repeated(")", depth) + ")\r\n";
    };
    EXPECT_EQ(complaint_about(nested(40)), "");
    EXPECT_NE(complaint_about(nested(41)), "");
    EXPECT_NE(complaint_about(nested(100'000)), "");
}

TEST(ParserLimits, names_what_it_cannot_read)
{
    EXPECT_THAT(complaint_about("* 1 FETCH (UID x)\r\n"), HasSubstr("expected"));
    EXPECT_NE(complaint_about("* 1 FETCH (FLAGS (\\Seen\r\n"), "");
    EXPECT_NE(complaint_about("* 1 FETCH (UID 0)\r\n"), "");
    EXPECT_NE(complaint_about("* 99999999999999999999999 EXISTS\r\n"), "");
    EXPECT_NE(complaint_about("* SEARCH 1 2 x\r\n"), "");
    EXPECT_NE(complaint_about("* VANISHED 1:x\r\n"), "");
    EXPECT_NE(complaint_about("* LIST (\"/\" INBOX\r\n"), "");
    EXPECT_NE(complaint_about("HTTP/1.1 400 Bad Request\r\n"), "");
    EXPECT_NE(complaint_about(" \r\n"), "");
    EXPECT_NE(complaint_about("* 1 FETCH (BODY[] {3}\rabc)\r\n"), "");
    EXPECT_NE(complaint_about("* 1 FETCH (BODY[] {3}\rab)\r\n BODY[] {1}\r\n"), "");
    EXPECT_NE(complaint_about("* 1 STORE (BODY[] {3}\r\nabc)\r\n"), "");
}

TEST(ParserLimits, keeps_control_characters_out_of_messages)
{
    EXPECT_EQ(complaint_about("A1 \x1b[31m\r\n").find('\x1b'), std::string::npos);
}

}  // namespace offlineimap::imap::test
