// SPDX-License-Identifier: Apache-2.0
#include "scripted_session.hpp"

// What servers do that they should not, or that few of them do.

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace {

class Hostile : public ScriptedSession {
protected:
    SeenTexts fetch(std::vector<std::string> ids, Part part = Part::whole)
    {
        std::vector<MessageRef> refs;
        for (const auto& id : ids)
            refs.push_back({inbox, {id}});
        SeenTexts seen;
        session->fetch(refs, part, seen);
        return seen;
    }
};

const std::string one_text = "UID FETCH 5 (UID FLAGS INTERNALDATE BODY.PEEK[])";

}  // namespace

TEST_F(Hostile, may_tell_whose_text_it_was_afterwards)
{
    open("");
    server.on("EXAMINE \"INBOX\"", examined)
        .on(one_text,
            "* 1 FETCH (BODY[] {5}\r\nhello FLAGS (\\Seen) UID 5 "
            "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")\r\n%T OK x\r\n");
    server.piece = 3;
    const auto seen = fetch({"5"});
    EXPECT_EQ(seen.texts.at(0).text, "hello");
    EXPECT_TRUE(seen.texts.at(0).message.flags.has(Flag::seen));
    EXPECT_TRUE(seen.texts.at(0).message.received);
}

TEST_F(Hostile, may_send_texts_nobody_asked_for)
{
    open("");
    server.on("EXAMINE \"INBOX\"", examined)
        .on(one_text,
            "* 9 FETCH (UID 8 FLAGS () INTERNALDATE \"\" BODY[] {3}\r\nabc)\r\n"
            "* 1 FETCH (UID 5 FLAGS () INTERNALDATE \"x\" BODY[] {2}\r\nhi)\r\n"
            "* 1 FETCH (UID 5 FLAGS () INTERNALDATE \"x\" BODY[] {2}\r\nho)\r\n"
            "%T OK x\r\n");
    const auto seen = fetch({"5"});
    ASSERT_THAT(seen.texts, SizeIs(1));
    EXPECT_EQ(seen.texts.at(0).text, "hi");
}

TEST_F(Hostile, may_list_messages_that_cannot_be_fetched)
{
    open("");
    const auto ask = [](const std::string& set) {
        return "UID FETCH " + set + " (UID FLAGS INTERNALDATE BODY.PEEK[])";
    };
    const auto text = [](const std::string& id) {
        return "* 1 FETCH (UID " + id + " FLAGS () INTERNALDATE \"\" BODY[] {2}\r\nhi)\r\n";
    };
    server.on("EXAMINE \"INBOX\"", examined)
        .on(ask("1:4"), text("1") + "%T NO some messages are bad\r\n")
        .on(ask("2"), text("2") + "%T OK x\r\n")
        .on(ask("3"), "%T NO this one\r\n")
        .on(ask("4"), "* 4 FETCH (UID 4 FLAGS () INTERNALDATE \"\" BODY[] NIL)\r\n%T OK x\r\n");
    const auto seen = fetch({"4", "3", "2", "1"});
    EXPECT_THAT(seen.texts, SizeIs(2));
    ASSERT_THAT(seen.failures, SizeIs(2));
    EXPECT_THAT(seen.failures.at(1).what(), HasSubstr("this one"));
    EXPECT_EQ(seen.failures.at(1).scope(), Scope::message);
    EXPECT_THAT(seen.failures.at(0).what(), HasSubstr("no text"));
}

TEST_F(Hostile, may_answer_from_the_folder_before)
{
    open("");
    server.on("EXAMINE \"INBOX\"", "%T NO gone\r\n")
        .on(one_text,
            "* 1 FETCH (UID 5 FLAGS () INTERNALDATE \"\" BODY[] {2}\r\nhi)\r\n%T OK x\r\n");
    const auto seen = fetch({"5"});
    EXPECT_THAT(seen.texts, IsEmpty());
    EXPECT_THAT(seen.failures, SizeIs(1));
}

TEST_F(Hostile, may_refuse_a_folder_without_twenty_bad_commands_after_it)
{
    open("");
    server.on("EXAMINE \"INBOX\"", "%T NO gone\r\n");
    std::vector<std::string> ids;
    for (int i = 1; i <= 20'000; ++i)
        ids.push_back(std::to_string(i));
    EXPECT_THAT(fetch(ids).failures, SizeIs(20'000));
    server.heard.resize(std::min<std::size_t>(server.heard.size(), 20));
    EXPECT_LE(
        std::count_if(
            server.heard.begin(), server.heard.end(),
            [](const std::string& line) { return line.starts_with("UID FETCH"); }),
        20);
}

TEST_F(Hostile, may_break_off_in_the_middle_of_a_text)
{
    open("");
    server.on("EXAMINE \"INBOX\"", examined)
        .on(one_text, "* 1 FETCH (UID 5 FLAGS () INTERNALDATE \"\" BODY[] {2000}\r\nhi")
        .closes_after(one_text);
    SeenTexts seen;
    const MessageRef message {inbox, {"5"}};
    try {
        session->fetch(std::span(&message, 1), Part::whole, seen);
        FAIL() << "nothing noticed";
    } catch (const Error& error) {
        EXPECT_EQ(error.scope(), Scope::session);
        EXPECT_EQ(error.retry(), Retry::reconnect);
    }
    EXPECT_FALSE(seen.texts.at(0).ended);
    EXPECT_THROW(session->keep_alive(), Error);
}

TEST_F(Hostile, may_have_no_uidvalidity)
{
    open("");
    server.on("SELECT \"INBOX\"", "* 2 EXISTS\r\n%T OK x\r\n")
        .on("UID FETCH 1:* (UID FLAGS)", "* 1 FETCH (UID 5 FLAGS ())\r\n%T OK x\r\n");
    const auto seen = changes();
    ASSERT_TRUE(seen.failure);
    EXPECT_EQ(seen.begins, 0);
}

TEST_F(Hostile, may_send_flags_before_it_has_opened_the_folder)
{
    open("");
    server
        .on("SELECT \"INBOX\"", std::string("* 4 FETCH (UID 77 FLAGS (\\Deleted))\r\n") + selected)
        .on("UID FETCH 1:* (UID FLAGS)",
            "* 1 FETCH (UID 5 FLAGS (work))\r\n"
            "* 2 FETCH (FLAGS (\\Seen))\r\n* 2 FETCH (UID 6 FLAGS ())\r\n%T OK x\r\n");
    const auto seen = changes();
    EXPECT_THAT(
        seen.changed,
        ElementsAre(
            ::testing::Pair(MessageId {"5"}, "5:work"), ::testing::Pair(MessageId {"6"}, "6:")));
    EXPECT_EQ(seen.token, "");  // no HIGHESTMODSEQ, no promise
    EXPECT_EQ(seen.state.storable_flags, Set<Flag> {Flag::seen});
    EXPECT_THAT(seen.state.storable_keywords, ElementsAre("work"));
    EXPECT_FALSE(seen.state.any_keyword);
}

TEST_F(Hostile, may_refuse_to_list_a_folder_that_holds_nothing)
{
    open("");
    server
        .on("SELECT \"INBOX\"",
            "* 0 EXISTS\r\n* OK [UIDVALIDITY 9]\r\n* OK [UIDNEXT 1]\r\n%T OK x\r\n")
        .on("UID FETCH 1:* (UID FLAGS)", "%T BAD no such messages\r\n");
    const auto seen = changes();
    EXPECT_FALSE(seen.failure);
    EXPECT_TRUE(seen.token);
}

TEST_F(Hostile, may_list_fewer_messages_than_it_has)
{
    open("");
    server.on("SELECT \"INBOX\"", selected)
        .on("UID FETCH 1:* (UID FLAGS)", "* 1 FETCH (UID 5 FLAGS ())\r\n%T OK x\r\n");
    const auto seen = changes();
    ASSERT_TRUE(seen.failure);  // else the other one would be taken for deleted
    EXPECT_EQ(seen.failure->scope(), Scope::folder);
    EXPECT_EQ(seen.failure->retry(), Retry::later);
    EXPECT_THAT(seen.failure->what(), HasSubstr("2 messages, but lists 1"));
}

TEST_F(Hostile, may_tell_of_messages_that_go_while_it_lists)
{
    open("");
    server.on("SELECT \"INBOX\"", selected)
        .on("UID FETCH 1:* (UID FLAGS)",
            "* 1 FETCH (UID 5 FLAGS ())\r\n* 2 EXPUNGE\r\n%T OK x\r\n");
    EXPECT_FALSE(changes().failure);
}

TEST_F(Hostile, may_announce_a_text_that_no_mail_can_be)
{
    open("");
    server.on("EXAMINE \"INBOX\"", examined)
        .on(one_text, "* 1 FETCH (UID 5 FLAGS () INTERNALDATE \"\" BODY[] {4294967296}\r\nx");
    EXPECT_THROW(fetch({"5"}), Error);
}

TEST_F(Hostile, may_announce_qresync_and_not_enable_it)
{
    open("ENABLE CONDSTORE QRESYNC");
    server.on("ENABLE QRESYNC", "%T OK x\r\n")
        .on("SELECT \"INBOX\"", std::string("* OK [HIGHESTMODSEQ 5]\r\n") + selected)
        .on("UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 3)", "%T OK x\r\n")
        .on("UID SEARCH ALL", "* SEARCH 1 2\r\n%T OK x\r\n");
    const auto seen = changes("9:5:3:4");
    EXPECT_EQ(seen.coverage, Coverage::delta_listed);
    EXPECT_THAT(seen.present, ElementsAre(MessageId {"1"}, MessageId {"2"}));
}

TEST_F(Hostile, may_have_names_that_are_no_utf7)
{
    preferences.name_style = NameStyle::utf8;
    open("");
    server
        .on("LIST \"\" \"*\"",
            "* LIST () \"/\" \"a&b\"\r\n* LIST () \"/\" \"caf\xc3\xa9/x\"\r\n"
            "* LIST () \"/\" inbox\r\n* LIST (\\Noselect) \"/\" {3}\r\nc\rd\r\n"
            "* LIST () \"/\" \"a&AOQ-\"\r\n* LIST () \"/\" \"a&b\"\r\n%T OK x\r\n")
        .on("STATUS \"a&b\" (UIDVALIDITY UIDNEXT MESSAGES)",
            "* STATUS \"a&b\" (UIDVALIDITY 4 UIDNEXT 2 MESSAGES 1)\r\n%T OK x\r\n")
        .on("STATUS \"inbox\" (UIDVALIDITY UIDNEXT MESSAGES)",
            "* STATUS INBOX (UIDVALIDITY 5 UIDNEXT 2 MESSAGES 1)\r\n%T OK x\r\n");
    const auto folders = session->folders();
    ASSERT_THAT(folders, SizeIs(5));
    EXPECT_THAT(folders[0].path, ElementsAre("a&b"));
    EXPECT_EQ(folders[0].quick_token, "4:2:1");
    EXPECT_THAT(folders[1].path, ElementsAre("caf\xc3\xa9", "x"));
    EXPECT_EQ(folders[2].name, "INBOX");
    EXPECT_EQ(folders[2].epoch, "5");
    EXPECT_TRUE(folders[3].uses.has(FolderUse::not_selectable));
    EXPECT_THAT(folders[4].path, ElementsAre("a\xc3\xa4"));
}

TEST_F(Hostile, may_answer_nobody)
{
    open("");
    server.on("NOOP", "A99 OK who asked\r\n%T OK x\r\n");
    EXPECT_THROW(session->keep_alive(), Error);
}

TEST_F(Hostile, may_alert_and_say_goodbye)
{
    open("");
    server.on("NOOP", "* NO [ALERT] disk\x07 full\r\n* BYE [OVERQUOTA] bandwidth\r\n");
    try {
        session->keep_alive();
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::unavailable);
        EXPECT_EQ(error.retry(), Retry::later);
    }
    EXPECT_THAT(host.whole_log(), HasSubstr("disk  full"));
}

TEST_F(Hostile, may_refuse_a_literal_before_it_is_sent)
{
    open("");
    server.on("APPEND \"INBOX\" () {9}", "%T NO [OVERQUOTA] full\r\n")
        .on("APPEND \"b\" () {7}", "+ go on\r\n")
        .on_line("x: y", "")
        .on_line("z", "%T OK [APPENDUID 9 3] x\r\n");
    SeenStores stores;
    const auto appender = session->append(stores);
    const std::string first = "a: b\r\n\r\nx", second = "x: y\r\nz";
    appender->begin(0, inbox, {}, first.size());
    appender->write(std::as_bytes(std::span(first)));
    appender->end();
    appender->begin(1, other, {}, second.size());
    appender->write(std::as_bytes(std::span(second)));
    appender->end();
    appender->finish();
    EXPECT_EQ(stores.failures.at(0).code(), Errc::quota);
    EXPECT_EQ(stores.ids.at(1), "3");
    EXPECT_FALSE(server.has_heard("a: b"));
}

TEST_F(Hostile, may_give_an_id_of_another_epoch)
{
    open("LITERAL+");
    server.on("APPEND \"INBOX\" () {0+}", "").on_line("", "%T OK [APPENDUID 10 3] x\r\n");
    SeenStores stores;
    const auto appender = session->append(stores);
    appender->begin(0, inbox, {}, 0);
    appender->end();
    appender->finish();
    EXPECT_EQ(stores.ids.at(0), "");
}

TEST_F(Hostile, may_take_no_large_messages)
{
    open("LITERAL+ APPENDLIMIT=100");
    SeenStores stores;
    const auto appender = session->append(stores);
    try {
        appender->begin(0, inbox, {}, 101);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::too_large);
        EXPECT_EQ(error.scope(), Scope::message);
    }
    EXPECT_THAT(server.heard, IsEmpty());
}

TEST_F(Hostile, may_have_another_limit_in_each_folder)
{
    open("LITERAL+ LIST-EXTENDED LIST-STATUS APPENDLIMIT");
    server
        .on("LIST \"\" \"*\" RETURN (SUBSCRIBED STATUS (UIDVALIDITY UIDNEXT MESSAGES APPENDLIMIT))",
            "* LIST () \"/\" INBOX\r\n* LIST () \"/\" b\r\n"
            "* STATUS INBOX (UIDVALIDITY 9 UIDNEXT 7 MESSAGES 2 APPENDLIMIT 100)\r\n"
            "* STATUS b (UIDVALIDITY 9 UIDNEXT 7 MESSAGES 2 APPENDLIMIT NIL)\r\n%T OK x\r\n")
        .on("SELECT \"INBOX\"", selected)
        .on("UID FETCH 1:* (UID FLAGS)", "* 1 FETCH (UID 5 FLAGS ())\r\n%T OK x\r\n");
    (void)session->folders();
    (void)changes();  // which tells more of the folder, and not that
    SeenStores stores;
    const auto appender = session->append(stores);
    EXPECT_THROW(appender->begin(0, inbox, {}, 101), Error);
    EXPECT_NO_THROW(appender->begin(0, inbox, {}, 100));
    appender->abandon();
    EXPECT_NO_THROW(appender->begin(1, other, {}, 101));
    appender->abandon();
}

TEST_F(Hostile, may_open_a_folder_read_only)
{
    open("UIDPLUS");
    server.on("SELECT \"INBOX\"", examined);
    const MessageRef message {inbox, {"5"}};
    SeenResults results;
    session->remove(std::span(&message, 1), results);
    EXPECT_EQ(results.failures.at(0).code(), Errc::permission);
    EXPECT_THAT(server.heard, ElementsAre("SELECT \"INBOX\""));
}

}  // namespace offlineimap::imap::test
