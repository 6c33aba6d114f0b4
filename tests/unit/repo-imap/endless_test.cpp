// SPDX-License-Identifier: Apache-2.0
#include "scripted_session.hpp"

// Servers that never come to an end of something. What is kept of it is bounded.

namespace offlineimap::imap::test {

using ::testing::HasSubstr;
using ::testing::SizeIs;

namespace {

class Endless : public ScriptedSession {
protected:
    const std::string all = "UID FETCH 1:* (UID FLAGS)";
};

}  // namespace

TEST_F(Endless, alerts_without_end_are_not_all_shown)
{
    open("");
    std::string alerts;
    for (int i = 0; i < 1000; ++i)
        alerts += "* OK [ALERT] number " + std::to_string(i) + "\r\n";
    server.on("NOOP", alerts + "%T OK x\r\n");
    session->keep_alive();
    EXPECT_THAT(host.log_lines, SizeIs(20));
    EXPECT_THAT(host.log_lines.back(), HasSubstr("much more"));
}

TEST_F(Endless, keywords_without_end_are_refused)
{
    open("");
    std::string list;
    for (int i = 0; i < 5000; ++i)
        list += " k" + std::to_string(i);
    server.on("SELECT \"INBOX\"", selected)
        .on(all, "* 1 FETCH (UID 5 FLAGS (" + list + "))\r\n%T OK x\r\n");
    EXPECT_THROW(changes(), Error);
}

TEST_F(Endless, new_keywords_for_each_message_are_refused)
{
    open("");
    std::string answer;
    for (int uid = 1; uid <= 40; ++uid)
        answer += "* 1 FETCH (UID " + std::to_string(uid) + " FLAGS (" + std::to_string(uid)
            + std::string(500'000, 'k') + "))\r\n";
    server.on("SELECT \"INBOX\"", selected).on(all, answer + "%T OK x\r\n");
    EXPECT_THROW(changes(), Error);
}

TEST_F(Endless, a_search_that_finds_all_numbers_there_can_be_is_refused)
{
    open("CONDSTORE ESEARCH");
    server
        .on("SELECT \"INBOX\"",
            "* OK [HIGHESTMODSEQ 5]\r\n* 4294967295 EXISTS\r\n* OK [UIDVALIDITY 9]\r\n"
            "* OK [UIDNEXT 4294967295]\r\n%T OK x\r\n")
        .on("UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 3)", "%T OK x\r\n")
        .on("UID SEARCH RETURN (ALL) ALL",
            "* ESEARCH (TAG \"%T\") UID ALL 1:4294967294\r\n%T OK x\r\n");
    EXPECT_THROW(changes("9:7:3:2"), Error);
}

TEST_F(Endless, names_without_end_are_refused_and_long_ones_left_out)
{
    open("");
    std::string list;
    for (int i = 0; i < 100; ++i)
        list += "* LIST () \"/\" \"" + std::to_string(i) + std::string(5000, 'x') + "\"\r\n";
    server.on("LIST \"\" \"*\"", list + "* LIST (\\Noselect) \"/\" short\r\n%T OK x\r\n");
    EXPECT_THAT(session->folders(), SizeIs(1));
    EXPECT_THAT(host.whole_log(), HasSubstr("100 folders are left out"));
    session.reset();
    FakeServer fresh;
    std::swap(server, fresh);
    open("");
    list.clear();
    for (int i = 0; i < 5000; ++i)
        list += "* LIST () \"/\" \"" + std::to_string(i) + std::string(4000, 'x') + "\"\r\n";
    server.on("LIST \"\" \"*\"", list + "%T OK x\r\n");
    EXPECT_THROW((void)session->folders(), Error);
}

}  // namespace offlineimap::imap::test
