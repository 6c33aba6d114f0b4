// SPDX-License-Identifier: Apache-2.0
#include "scripted_session.hpp"

// MULTIAPPEND (RFC 3502) with the literals of RFC 7888.

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

namespace {

class Append : public ScriptedSession {
protected:
    void open(const std::string& capabilities)
    {
        server.reads_literals = true;
        ScriptedSession::open(capabilities);
    }
};

const std::string three = "APPEND \"INBOX\" () {1+}\r\na () {2+}\r\nbb () {3+}\r\nccc";
std::string alone(const std::string& text)
{
    return "APPEND \"INBOX\" () {" + std::to_string(text.size()) + "+}\r\n" + text;
}

}  // namespace

TEST_F(Append, sends_many_messages_in_one_command)
{
    open("MULTIAPPEND LITERAL+ UIDPLUS");
    server.on(three, "%T OK [APPENDUID 9 11,13:14] done\r\n");
    const auto seen = append({"a", "bb", "ccc"});
    EXPECT_THAT(seen.ids, ElementsAre(Pair(0, "11"), Pair(1, "13"), Pair(2, "14")));
    EXPECT_THAT(server.heard, ElementsAre(three));
}

TEST_F(Append, begins_a_command_for_each_folder)
{
    open("MULTIAPPEND LITERAL+");
    server.on(alone("a"), "%T OK x\r\n").on("APPEND \"b\" () {1+}\r\nb", "%T OK x\r\n");
    SeenStores seen;
    const auto appender = session->append(seen);
    std::size_t index = 0;
    for (const auto folder : {inbox, other}) {
        const std::string text(1, static_cast<char>('a' + index));
        appender->begin(index++, folder, {}, 1);
        appender->write(std::as_bytes(std::span(text)));
        appender->end();
    }
    appender->finish();
    EXPECT_THAT(seen.ids, SizeIs(2));
    EXPECT_THAT(server.heard, SizeIs(2));
}

TEST_F(Append, sends_each_alone_when_one_was_refused_among_them)
{
    open("MULTIAPPEND LITERAL+ UIDPLUS");
    server.on(three, "%T NO [LIMIT] one of them is bad\r\n")
        .on(alone("a"), "%T OK [APPENDUID 9 11] done\r\n")
        .on(alone("bb"), "%T NO this one\r\n")
        .on(alone("ccc"), "%T OK [APPENDUID 9 12] done\r\n");
    const auto seen = append({"a", "bb", "ccc"});
    EXPECT_THAT(seen.ids, ElementsAre(Pair(0, "11"), Pair(2, "12")));
    ASSERT_THAT(seen.failures, SizeIs(1));
    EXPECT_EQ(seen.failures.at(1).scope(), Scope::message);
    EXPECT_THAT(server.heard, SizeIs(4));  // none twice
}

TEST_F(Append, does_not_insist_on_a_folder_that_is_not_there)
{
    open("MULTIAPPEND LITERAL+");
    server.on(three, "%T NO [TRYCREATE] no such folder\r\n");
    const auto seen = append({"a", "bb", "ccc"});
    EXPECT_THAT(seen.failures, SizeIs(3));
    EXPECT_THAT(server.heard, ElementsAre(three));
}

TEST_F(Append, gives_up_grouping_where_the_server_cannot_after_all)
{
    open("MULTIAPPEND LITERAL+");
    server.on(three, "%T BAD what is this\r\n");
    for (const auto* text : {"a", "bb", "ccc"})
        server.on(alone(text), "%T OK x\r\n");
    SeenStores seen;
    const auto appender = session->append(seen);
    for (std::size_t i = 0; i < 6; ++i) {
        const std::string text(i % 3 + 1, static_cast<char>('a' + i % 3));
        appender->begin(i, inbox, {}, text.size());
        appender->write(std::as_bytes(std::span(text)));
        appender->end();
        if (i % 3 == 2) appender->finish();
    }
    EXPECT_THAT(seen.ids, SizeIs(6));
    EXPECT_THAT(server.heard, SizeIs(7));
}

TEST_F(Append, waits_for_leave_where_a_literal_is_too_large_for_literal_minus)
{
    open("MULTIAPPEND LITERAL-");
    const std::string large(5000, 'x');
    const auto command = "APPEND \"INBOX\" () {1+}\r\na () {5000}\r\n" + large + " () {1+}\r\nb";
    server.on(command, "%T OK x\r\n");
    EXPECT_THAT(append({"a", large, "b"}).ids, SizeIs(3));
}

TEST_F(Append, waits_for_leave_where_there_is_no_literal_extension)
{
    open("MULTIAPPEND");
    server.on("APPEND \"INBOX\" (\\Seen) {1}\r\na (\\Seen) {2}\r\nbb", "%T OK x\r\n");
    Message message;
    message.flags = {Flag::seen};
    EXPECT_THAT(append({"a", "bb"}, message).ids, SizeIs(2));
}

TEST_F(Append, keeps_a_message_of_no_bytes_out_of_a_group)
{
    open("MULTIAPPEND LITERAL+");
    server.on("APPEND \"INBOX\" () {1+}\r\na () {2+}\r\nbb", "%T OK x\r\n")
        .on(alone(""), "%T NO [CANNOT] Can't save a zero byte message\r\n")
        .on(alone("a"), "%T OK x\r\n")
        .on(alone("bb"), "%T OK x\r\n");
    const auto seen = append({"a", "", "bb"});
    EXPECT_THAT(seen.ids, SizeIs(2));
    ASSERT_THAT(seen.failures, SizeIs(1));
    EXPECT_EQ(seen.failures.at(1).scope(), Scope::message);
    EXPECT_EQ(seen.failures.at(1).retry(), Retry::never);
    EXPECT_THAT(seen.failures.at(1).what(), HasSubstr("empty"));
}

TEST_F(Append, does_not_guess_ids_that_do_not_fit)
{
    open("MULTIAPPEND LITERAL+ UIDPLUS");
    server.on(three, "%T OK [APPENDUID 9 11:12] done\r\n");
    EXPECT_THAT(append({"a", "bb", "ccc"}).ids, ElementsAre(Pair(0, ""), Pair(1, ""), Pair(2, "")));
}

TEST_F(Append, takes_a_folder_name_that_needs_a_literal)
{
    open("");
    const auto raw = table.add("\xff", {"\xff"});
    server.on("APPEND {1}\r\n\xff () {2}\r\nhi", "%T OK x\r\n");
    SeenStores seen;
    const auto appender = session->append(seen);
    const std::string text = "hi";
    appender->begin(0, raw, {}, text.size());
    appender->write(std::as_bytes(std::span(text)));
    appender->end();
    appender->finish();
    EXPECT_THAT(seen.ids, SizeIs(1));
}

// ---------------------------------------------------------------- 8 bits in the header

namespace {

/// UTF8=ACCEPT is enabled.
class AppendUtf8 : public Append {
protected:
    const std::string text = "Subject: gr\xc3\xbc\xc3\x9f\x65\r\n\r\nhi";
    const std::string size = std::to_string(text.size());
    const std::string as_utf8 = "APPEND \"INBOX\" () UTF8 (~{" + size + "+}\r\n" + text + ")";

    void open(const std::string& more = "LITERAL+ MULTIAPPEND UIDPLUS")
    {
        server.on("ENABLE UTF8=ACCEPT", "* ENABLED UTF8=ACCEPT\r\n%T OK x\r\n");
        Append::open("ENABLE UTF8=ACCEPT " + more);
    }
};

}  // namespace

TEST_F(AppendUtf8, a_header_of_8_bits_is_announced)
{
    open();
    const std::string plain = "Subject: x\r\n\r\n\xc3\xbc";  // of the body nobody minds
    server.on(as_utf8, "%T OK [APPENDUID 9 11] x\r\n")
        .on(alone(plain), "%T OK [APPENDUID 9 12] x\r\n");
    EXPECT_THAT(append({text, plain}).ids, ElementsAre(Pair(0, "11"), Pair(1, "12")));
}

TEST_F(AppendUtf8, a_server_that_wants_no_announcement_gets_none)
{
    for (const std::string refusal : {"%T BAD what is UTF8\r\n", "%T NO not this way\r\n"}) {
        session.reset();
        FakeServer fresh;
        std::swap(server, fresh);
        open();
        server.on(as_utf8, refusal).on(alone(text), "%T OK [APPENDUID 9 11] x\r\n");
        EXPECT_THAT(append({text}).ids, ElementsAre(Pair(0, "11")));
    }
}

TEST_F(AppendUtf8, a_refusal_that_is_about_something_else_is_one)
{
    open();
    server.on(as_utf8, "%T NO [OVERQUOTA] full\r\n");
    const auto seen = append({text});
    ASSERT_THAT(seen.failures, SizeIs(1));
    EXPECT_EQ(seen.failures.at(0).code(), Errc::quota);
    EXPECT_THAT(server.heard, SizeIs(2));
}

TEST_F(AppendUtf8, where_it_is_not_enabled_nothing_is_announced)
{
    Append::open("LITERAL+");
    server.on(alone(text), "%T OK x\r\n");
    EXPECT_THAT(append({text}).ids, SizeIs(1));
}

TEST_F(AppendUtf8, a_large_message_is_announced_as_its_header_says)
{
    for (const auto* literals : {"LITERAL+", ""})
        for (const std::string start : {"gr\xc3\xbc", "gru"}) {
            session.reset();
            FakeServer fresh;
            std::swap(server, fresh);
            open(literals);
            const auto large = "Subject: " + start + "\r\n\r\n" + std::string(300'000, '\xc3');
            const auto mark = std::to_string(large.size()) + (*literals ? "+}\r\n" : "}\r\n");
            const bool is_utf8 = start != "gru";
            server.on(
                "APPEND \"INBOX\" () " + std::string(is_utf8 ? "UTF8 (~{" : "{") + mark + large
                    + (is_utf8 ? ")" : ""),
                "%T OK [APPENDUID 9 11] x\r\n");
            EXPECT_THAT(append({large}).ids, ElementsAre(Pair(0, "11"))) << literals << start;
        }
}

TEST_F(AppendUtf8, a_large_message_is_sent_again_where_no_announcement_is_wanted)
{
    for (const std::string refusal : {"%T BAD what is UTF8\r\n", "%T NO not this way\r\n"}) {
        session.reset();
        FakeServer fresh;
        std::swap(server, fresh);
        open();
        const auto large = "Subject: gr\xc3\xbc\r\n\r\n" + std::string(300'000, 'x');
        const auto length = std::to_string(large.size());
        server.on("APPEND \"INBOX\" () UTF8 (~{" + length + "+}\r\n" + large + ")", refusal)
            .on(alone(large), "%T OK [APPENDUID 9 11] x\r\n")
            .on(alone("small"), "%T OK [APPENDUID 9 12] x\r\n");
        EXPECT_THAT(append({large, "small"}).ids, ElementsAre(Pair(0, "11"), Pair(1, "12")));
        // One that it does not even know is not tried with the next message either.
        const bool is_known = refusal.starts_with("%T NO");
        const auto heard = server.heard.size();
        EXPECT_THAT(append({large}).ids, SizeIs(1));
        EXPECT_EQ(server.heard.size() - heard, is_known ? 2U : 1U);
    }
}

TEST_F(Append, stops_at_a_literal_that_is_refused)
{
    server.says("* PREAUTH [CAPABILITY IMAP4rev1 MULTIAPPEND] hi\r\n");
    open("MULTIAPPEND");
    server.reads_literals = false;
    server.on("APPEND \"INBOX\" () {1}", "%T NO [OVERQUOTA] full\r\n")
        .on("APPEND \"INBOX\" () {2}", "%T NO [OVERQUOTA] full\r\n");
    const auto seen = append({"a", "bb"});
    EXPECT_THAT(seen.ids, IsEmpty());
    ASSERT_THAT(seen.failures, SizeIs(2));
    EXPECT_EQ(seen.failures.at(0).code(), Errc::quota);
}

}  // namespace offlineimap::imap::test
