// SPDX-License-Identifier: Apache-2.0
#include "two_sides.hpp"

#include "core/sync/header_filter.hpp"

#include <gtest/gtest.h>

namespace offlineimap::sync {
namespace {

class Collect final : public FetchSink {
public:
    void begin(std::size_t, const Message& message, std::uint64_t announced) override
    {
        size = announced;
        message_size = message.size;
        text.clear();
    }
    bool data(Bytes chunk) override
    {
        text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
        return true;
    }
    void end() override { ++ended; }
    void failed(std::size_t, const Error&) override { }

    std::string text;
    std::uint64_t size = 0, message_size = 0;
    int ended = 0;
};

/// The text after the filter, sent in pieces of `piece` bytes.
std::string
filtered(const std::string& text, const std::vector<std::string>& names, std::size_t piece)
{
    Collect sink;
    HeaderFilter filter(sink, names);
    Message message;
    message.size = text.size();
    filter.begin(0, message, text.size());
    for (std::size_t at = 0; at < text.size(); at += piece) {
        const auto part = text.substr(at, piece);
        filter.data({reinterpret_cast<const std::byte*>(part.data()), part.size()});
    }
    filter.end();
    EXPECT_EQ(sink.ended, 1);
    EXPECT_EQ(sink.size, sink.text.size());
    EXPECT_EQ(sink.message_size, sink.text.size());
    return sink.text;
}

TEST(HeaderFilter, leaves_out_fields_with_their_folded_lines_whatever_their_case)
{
    const std::string text = "From: a\r\nx-LABEL: one,\r\n two\r\n\tthree\r\nSubject: s\r\n"
                             "X-Label : four\r\nX-Labels: stays\r\n\r\nX-Label: body\r\n";
    for (const std::size_t piece : {1U, 2U, 7U, 1000U})
        EXPECT_EQ(
            filtered(text, {"X-Label", "Bcc"}, piece),
            "From: a\r\nSubject: s\r\nX-Labels: stays\r\n\r\nX-Label: body\r\n");
}

TEST(HeaderFilter, changes_nothing_else)
{
    for (const std::string text :
         {"", "\r\n", "\r\nA: body\r\n", "A: no blank line", "B: x\nA: lf\n\nbody",
          "no field\r\n\r\nA: b", "B: \r\n\r\n"})
        for (const std::size_t piece : {1U, 3U, 1000U}) {
            EXPECT_EQ(filtered(text, {}, piece), text);
            EXPECT_EQ(filtered(text, {"Z"}, piece), text);
        }
    EXPECT_EQ(filtered("A: all\r\n", {"a"}, 3), "");
    EXPECT_EQ(filtered("B: x\nA: lf\n\nbody", {"a"}, 3), "B: x\n\nbody");
}

TEST(HeaderFilter, holds_no_more_than_a_megabyte)
{
    std::string text = "A: gone\r\n";
    while (text.size() < 3'000'000)
        text += "B: stays, one line after the other\r\n";
    text += "A: stays too\r\n\r\n";
    EXPECT_EQ(filtered(text, {"A"}, 65536), text.substr(9));
}

/// A message with a field that the server is not to see, and a few others.
struct Labelled : testing::Test {
    static void deliver(test::TwoSides& two)
    {
        two.rules.sides.right.filter_headers = {"X-Label"};
        for (int i = 0; i < 3; ++i)
            two.right.add("INBOX", test::mail("m" + std::to_string(i)));
        two.run();
        two.run();
        two.left.add("INBOX", "X-Label: mine\r\n" + test::mail("up"));
    }
    static std::multiset<std::string> texts(const test::MailStore& store)
    {
        std::multiset<std::string> out;
        for (const auto& [folder, mails] : store.contents())
            for (const auto& m : mails)
                out.insert(m.text);
        return out;
    }
    static void expect_sent_once(test::TwoSides& two)
    {
        const std::multiset<std::string> others {
            test::mail("m0"), test::mail("m1"), test::mail("m2")};
        auto left = others, right = others;
        left.insert("X-Label: mine\r\n" + test::mail("up"));
        right.insert(test::mail("up"));
        EXPECT_EQ(texts(two.left), left);
        EXPECT_EQ(texts(two.right), right);
        EXPECT_EQ(two.left.ids("INBOX"), two.right.ids("INBOX"));
    }
};

TEST_F(Labelled, loses_the_field_on_the_way_to_the_server_and_keeps_it_here)
{
    test::TwoSides two;
    deliver(two);
    two.run();
    expect_sent_once(two);
    two.run();
    EXPECT_EQ(two.steps_of_run(), 0);
}

TEST_F(Labelled, is_sent_once_wherever_the_process_ends)
{
    using Kind = test::Faults::Kind;
    test::TwoSides whole;
    deliver(whole);
    const auto steps = whole.steps_of_run();
    for (const auto kind : {Kind::crash_before, Kind::crash_after, Kind::lost_answer})
        for (std::size_t at = 1; at <= steps; ++at) {
            SCOPED_TRACE("step " + std::to_string(at));
            test::TwoSides two;
            deliver(two);
            two.faults.plan(kind, at);
            try {
                two.run();
            } catch (const test::Crash&) {
            }
            two.faults.plan(Kind::none, 0);
            two.run();
            expect_sent_once(two);
        }
}

}  // namespace
}  // namespace offlineimap::sync
