// SPDX-License-Identifier: Apache-2.0
#include "repo-maildir/line_ends.hpp"
#include "repo-maildir/message_date.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace offlineimap::maildir {
namespace {

std::string to_lf(const std::string& text, std::size_t piece)
{
    ToLf convert;
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += piece)
        convert.convert(std::string_view(text).substr(at, piece), out);
    convert.finish(out);
    return out;
}

std::string to_crlf(const std::string& text, std::size_t piece)
{
    ToCrlf convert;
    BareLineFeeds bare;
    std::string out;
    for (std::size_t at = 0; at < text.size(); at += piece) {
        convert.convert(std::string_view(text).substr(at, piece), out);
        bare.count(std::string_view(text).substr(at, piece));
    }
    EXPECT_EQ(out.size(), text.size() + bare.total()) << "in pieces of " << piece;
    return out;
}

struct Pair {
    std::string wire, disk;
};

const std::vector<Pair>& pairs()
{
    using namespace std::string_literals;
    static const std::vector<Pair> all = {
        {"", ""},
        {"\r\n", "\n"},
        {"a", "a"},
        {"a\r\nb\r\n", "a\nb\n"},
        {"a\r\n\r\n\r\nb", "a\n\n\nb"},
        {"bare\rcr\r\n", "bare\rcr\n"},
        {"ends in\r", "ends in\r"},
        {"\r", "\r"},
        {"nul\0and\xff\r\n"s, "nul\0and\xff\n"s},
    };
    return all;
}

TEST(LineEnds, go_both_ways_in_pieces_of_any_size)
{
    for (const Pair& pair : pairs())
        for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
            EXPECT_EQ(to_lf(pair.wire, piece), pair.disk);
            EXPECT_EQ(to_crlf(pair.disk, piece), pair.wire);
        }
}

TEST(LineEnds, that_are_crlf_on_disk_stay_so)
{
    for (const std::size_t piece : {1U, 2U, 3U, 1000U}) {
        EXPECT_EQ(to_crlf("a\r\nb\nc\r\n\r\r\n", piece), "a\r\nb\r\nc\r\n\r\r\n");
        EXPECT_EQ(to_lf("a\nb\r\r\n", piece), "a\nb\r\n");
    }
}

TEST(LineEnds, are_counted_over_long_texts)
{
    const std::string text(100'000, '\n');
    EXPECT_EQ(to_crlf(text, 1024).size(), 200'000U);
    EXPECT_EQ(to_crlf(text, 100'000).size(), 200'000U);
}

std::int64_t seconds(std::string_view text)
{
    const auto date = parse_date(text);
    return date ? date->time_since_epoch().count() : -1;
}

TEST(MessageDate, is_read_as_rfc_5322_writes_it)
{
    EXPECT_EQ(seconds("Fri, 21 Nov 1997 09:55:06 -0600"), 880127706);
    EXPECT_EQ(seconds("21 Nov 1997 09:55 -0600"), 880127700);
    EXPECT_EQ(seconds("Thu,\r\n\t13 Feb 1969 23:32:54 -0330 (Newfoundland Time)"), -27723426);
    EXPECT_EQ(seconds(" Tue, 1 Jul 2003 10:52:37 +0200"), 1057049557);
}

TEST(MessageDate, is_read_in_its_obsolete_forms)
{
    EXPECT_EQ(seconds("21 Nov 97 09:55:06 GMT"), 880106106);
    EXPECT_EQ(seconds("21 Nov 97 09:55:06 EST"), 880124106);
    EXPECT_EQ(seconds("21 Nov 97 09:55:06 PDT"), 880131306);
    EXPECT_EQ(seconds("Fri, 21 Nov 1997 09(comment (nested)):55:06 -0600"), -1);
    EXPECT_EQ(seconds("Fri, 21 Nov 1997 (c) 09:55:06 UNKNOWN"), 880106106);
}

TEST(MessageDate, nonsense_is_none)
{
    for (const char* text :
         {"", "now", "Fri", "31 Feb 2020 10:00:00 +0000", "1 Foo 2020 10:00:00 +0000",
          "1 Jan 2020 25:00:00 +0000", "1 Jan 2020 10 +0000", "-1 Jan 2020 10:00:00 +0000",
          "99999999999 Jan 2020 10:00", "1 Jan 2020 10:60:00 +0000"})
        EXPECT_EQ(parse_date(text), std::nullopt) << text;
}

TEST(MessageDate, is_found_in_the_header_alone)
{
    const auto expected = parse_date("21 Nov 1997 09:55:06 -0600");
    EXPECT_EQ(date_of_message("A: b\nDATE: 21 Nov 1997\n 09:55:06 -0600\nC: d\n\n"), expected);
    EXPECT_EQ(date_of_message("A: b\r\nDate:21 Nov 1997 09:55:06 -0600\r\n\r\n"), expected);
    EXPECT_EQ(date_of_message("A: b\n\nDate: 21 Nov 1997 09:55:06 -0600\n"), std::nullopt);
    EXPECT_EQ(date_of_message("A: b\r\n\r\nDate: 21 Nov 1997 09:55:06 -0600\n"), std::nullopt);
    EXPECT_EQ(
        date_of_message("Date: nonsense\nDelivery-date: 21 Nov 1997 09:55:06 -0600"), expected);
    EXPECT_EQ(date_of_message("Resent-Date: 21 Nov 1997 09:55:06 -0600\n"), std::nullopt);
}

}  // namespace
}  // namespace offlineimap::maildir
