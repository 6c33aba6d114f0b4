// SPDX-License-Identifier: Apache-2.0
#include "scripted_session.hpp"

// Servers that cannot what they say they can, or that tell of a folder what does not fit. None of
// it may make a message look deleted, and each folder is read all the same where that can be.

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

namespace {

class Lies : public ScriptedSession {
protected:
    const std::string delta = "UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 3 VANISHED)";
    const std::string delta_listed = "UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 3)";
    const std::string all = "UID FETCH 1:* (UID FLAGS)";
    const std::string both = "* 1 FETCH (UID 5 FLAGS ())\r\n* 2 FETCH (UID 6 FLAGS ())\r\n";
    const std::string opened = std::string("* OK [HIGHESTMODSEQ 5]\r\n") + selected;

    void open_with_qresync()
    {
        open("ENABLE CONDSTORE QRESYNC");
        server.on("ENABLE QRESYNC", "* ENABLED QRESYNC\r\n%T OK x\r\n")
            .on("SELECT \"INBOX\"", opened);
    }
};

}  // namespace

TEST_F(Lies, a_message_that_is_listed_twice_does_not_stand_for_another)
{
    open("");
    server.on("SELECT \"INBOX\"", selected)
        .on(all, "* 1 FETCH (UID 5 FLAGS ())\r\n* 1 FETCH (UID 5 FLAGS (work))\r\n%T OK x\r\n");
    const auto seen = changes();
    ASSERT_TRUE(seen.failure);
    EXPECT_THAT(seen.failure->what(), HasSubstr("2 messages, but lists 1"));
}

TEST_F(Lies, messages_may_be_listed_in_any_order)
{
    open("");
    server.on("SELECT \"INBOX\"", selected)
        .on(all,
            "* 2 FETCH (UID 6 FLAGS ())\r\n* 1 FETCH (UID 5 FLAGS ())\r\n"
            "* 2 FETCH (UID 6 FLAGS (work))\r\n%T OK x\r\n");
    const auto seen = changes();
    EXPECT_FALSE(seen.failure);
    EXPECT_EQ(seen.changed.at({"6"}), "6:work");
}

TEST_F(Lies, a_message_that_is_found_twice_does_not_stand_for_another)
{
    open("CONDSTORE");
    server.on("SELECT \"INBOX\"", opened)
        .on(delta_listed, "%T OK x\r\n")
        .on("UID SEARCH ALL", "* SEARCH 5\r\n* SEARCH 5\r\n%T OK x\r\n");
    const auto seen = changes("9:7:3:2");
    ASSERT_TRUE(seen.failure);
    EXPECT_THAT(seen.failure->what(), HasSubstr("2 messages, but lists 1"));
}

TEST_F(Lies, what_a_server_forgot_to_tell_is_listed)
{
    open_with_qresync();
    server.on(delta, "%T OK x\r\n")
        .on(delta_listed, "* 2 FETCH (UID 6 FLAGS ())\r\n%T OK x\r\n")
        .on("UID SEARCH ALL", "* SEARCH 5 6\r\n%T OK x\r\n");
    const auto seen = changes("9:6:3:1");  // one more than then, and no word of it
    EXPECT_EQ(seen.coverage, Coverage::delta_listed);
    EXPECT_THAT(seen.present, SizeIs(2));
    EXPECT_EQ(seen.token, "9:7:5:2");
}

TEST_F(Lies, what_a_server_told_in_part_is_listed)
{
    open_with_qresync();
    server.on(delta, "* 1 FETCH (UID 5 FLAGS (work))\r\n%T OK x\r\n")
        .on(delta_listed, both + "%T OK x\r\n")
        .on("UID SEARCH ALL", "* SEARCH 5 6\r\n%T OK x\r\n");
    const auto seen = changes("9:6:3:1");
    EXPECT_EQ(seen.coverage, Coverage::delta_listed);
    EXPECT_EQ(seen.token, "9:7:5:2");
}

TEST_F(Lies, what_does_not_add_up_among_very_many_is_listed_by_the_next_run)
{
    open_with_qresync();
    std::string many;
    for (int i = 0; i < 20'000; ++i)
        many += "* 1 FETCH (UID " + std::to_string(5 - i % 2) + " FLAGS ())\r\n";
    server.on(delta, many + "* 1 FETCH (UID 3 FLAGS (work))\r\n%T OK x\r\n");
    const auto seen = changes("9:6:3:1");
    EXPECT_EQ(seen.coverage, Coverage::delta);
    EXPECT_THAT(seen.changed, SizeIs(3));
    EXPECT_EQ(seen.token, "");
}

TEST_F(Lies, a_server_that_says_nothing_of_what_came_is_looked_through)
{
    open_with_qresync();
    server.on(delta, "%T OK x\r\n")
        .on(delta_listed, "%T OK x\r\n")
        .on("UID SEARCH ALL", "* SEARCH 5 6\r\n%T OK x\r\n");
    const auto seen = changes("9:6:3:2");  // one came, one went, and no word of either
    EXPECT_EQ(seen.coverage, Coverage::delta_listed);
    EXPECT_EQ(seen.token, "");
}

TEST_F(Lies, what_adds_up_is_believed)
{
    open_with_qresync();
    server.on(delta, "* VANISHED (EARLIER) 3\r\n* 2 FETCH (UID 6 FLAGS ())\r\n%T OK x\r\n");
    const auto seen = changes("9:6:3:2");
    EXPECT_EQ(seen.coverage, Coverage::delta);
    EXPECT_EQ(seen.token, "9:7:5:2");
}

TEST_F(Lies, numbers_given_anew_under_the_old_uidvalidity_change_nothing)
{
    for (const auto* capability : {"CONDSTORE", "ENABLE CONDSTORE QRESYNC"}) {
        session.reset();
        FakeServer fresh;
        std::swap(server, fresh);
        open(capability);
        server.on("ENABLE QRESYNC", "* ENABLED QRESYNC\r\n%T OK x\r\n")
            .on("SELECT \"INBOX\"", opened)
            .on(delta, both + "%T OK x\r\n")
            .on(delta_listed, both + "%T OK x\r\n")
            .on("UID SEARCH ALL", "* SEARCH 5 6\r\n%T OK x\r\n");
        const auto seen = changes("9:8:3:2");
        ASSERT_TRUE(seen.failure);
        EXPECT_EQ(seen.failure->code(), Errc::epoch_changed);
        EXPECT_THAT(seen.failure->what(), HasSubstr("UIDNEXT was 8 and is 7"));
        EXPECT_EQ(seen.begins, 0);
    }
}

TEST_F(Lies, another_folder_under_the_old_name_changes_nothing)
{
    open("CONDSTORE OBJECTID");
    server.on("SELECT \"INBOX\"", "* OK [MAILBOXID (Mb)] x\r\n" + opened)
        .on(all, both + "%T OK x\r\n")
        .on(delta_listed, "%T OK x\r\n")
        .on("UID SEARCH ALL", "* SEARCH 5 6\r\n%T OK x\r\n");
    EXPECT_EQ(changes().token, "9:7:5:2:Mb");
    EXPECT_FALSE(changes("9:7:3:2:Mb").failure);
    EXPECT_FALSE(changes("9:7:3:2").failure);  // of a time when it was not told
    const auto seen = changes("9:7:3:2:Ma");
    ASSERT_TRUE(seen.failure);
    EXPECT_EQ(seen.failure->code(), Errc::epoch_changed);
    EXPECT_THAT(seen.failure->what(), HasSubstr("MAILBOXID"));
    EXPECT_EQ(seen.begins, 0);
}

TEST_F(Lies, nothing_is_changed_in_a_folder_that_took_the_place_of_the_listed_one)
{
    open("UIDPLUS MOVE OBJECTID LIST-EXTENDED LIST-STATUS");
    const std::string items = "(UIDVALIDITY UIDNEXT MESSAGES MAILBOXID)";
    server
        .on("LIST \"\" \"*\" RETURN (SUBSCRIBED STATUS " + items + ")",
            "* LIST () \"/\" INBOX\r\n* STATUS INBOX (UIDVALIDITY 9 UIDNEXT 7 MESSAGES 2 "
            "MAILBOXID (F-1_a))\r\n%T OK x\r\n")
        .on("SELECT \"INBOX\"", "* OK [MAILBOXID (F-2)] x\r\n" + opened);
    (void)session->folders();
    const MessageRef message {inbox, {"5"}};
    SeenResults removed, updated;
    SeenStores moved;
    session->remove(std::span(&message, 1), removed);
    const Update update {message, {Flag::seen}, {}, {}, {}, {}, {}};
    session->update(std::span(&update, 1), updated);
    const Move move {message, other, {}};
    session->move(std::span(&move, 1), moved);
    for (const auto& failures : {removed.failures, updated.failures, moved.failures})
        EXPECT_EQ(failures.at(0).code(), Errc::epoch_changed);
    for (const auto* verb : {"STORE", "EXPUNGE", "MOVE"})
        EXPECT_FALSE(server.has_heard(std::string("UID ") + verb));
}

TEST_F(Lies, ids_of_folders_that_make_no_sense_are_passed_over)
{
    for (const auto* id : {"NIL", "()", "", "(a b)", "(a:b)", "((x))", "(\"q\")", "(:)"}) {
        session.reset();
        FakeServer fresh;
        std::swap(server, fresh);
        open("CONDSTORE OBJECTID");
        server.on(all, both + "%T OK x\r\n")
            .on("SELECT \"INBOX\"", "* OK [MAILBOXID " + std::string(id) + "] x\r\n" + opened);
        EXPECT_EQ(changes().token, "9:7:5:2") << id;
    }
}

TEST_F(Lies, where_changes_cannot_be_told_after_all_everything_is_listed)
{
    for (const auto* capability : {"CONDSTORE", "CONDSTORE ESEARCH", "ENABLE CONDSTORE QRESYNC"}) {
        session.reset();
        FakeServer fresh;
        std::swap(server, fresh);
        open(capability);
        server.on("ENABLE QRESYNC", "* ENABLED QRESYNC\r\n%T OK x\r\n")
            .on("SELECT \"INBOX\"", opened)
            .on(all, both + "%T OK x\r\n");  // all else is BAD
        const auto seen = changes("9:7:3:2");
        EXPECT_FALSE(seen.failure) << capability;
        EXPECT_EQ(seen.coverage, Coverage::snapshot) << capability;
        EXPECT_THAT(seen.changed, SizeIs(2)) << capability;
    }
}

TEST_F(Lies, a_refusal_for_now_is_no_reason_to_list_everything)
{
    open_with_qresync();
    server.on(delta, "%T NO [UNAVAILABLE] later\r\n");
    const auto seen = changes("9:7:3:2");
    ASSERT_TRUE(seen.failure);
    EXPECT_EQ(seen.failure->retry(), Retry::reconnect);
    EXPECT_FALSE(server.has_heard(all));
}

TEST_F(Lies, where_searches_have_no_options_after_all_a_window_is_searched_plainly)
{
    open("ESEARCH SEARCHRES");
    const auto plain = "UID SEARCH UID 1:* SMALLER 100";
    server.on("SELECT \"INBOX\"", selected)
        .on("SELECT \"b\"", selected)
        .on(plain, "* SEARCH 6\r\n%T OK x\r\n")
        .on("UID FETCH 6 (UID FLAGS)", "* 2 FETCH (UID 6 FLAGS ())\r\n%T OK x\r\n");
    Window window;
    window.smaller_than = 100;
    const ChangeRequest requests[] = {{inbox, "9", {}, window}, {other, "9", {}, window}};
    SeenChanges seen;
    session->changes(requests, seen);
    for (const auto folder : {inbox, other}) {
        EXPECT_FALSE(seen.folders[folder].failure);
        EXPECT_THAT(seen.folders[folder].changed, SizeIs(1));
    }
}

TEST_F(Lies, a_list_with_options_that_is_refused_is_asked_for_without)
{
    for (const auto* refusal : {"%T BAD what\r\n", "%T NO cannot\r\n"}) {
        session.reset();
        FakeServer fresh;
        std::swap(server, fresh);
        open("LIST-EXTENDED LIST-STATUS SPECIAL-USE");
        const std::string items = "(UIDVALIDITY UIDNEXT MESSAGES)";
        server.on("LIST \"\" \"*\" RETURN (SUBSCRIBED SPECIAL-USE STATUS " + items + ")", refusal)
            .on("LIST \"\" \"*\"", "* LIST () \"/\" INBOX\r\n%T OK x\r\n")
            .on("STATUS \"INBOX\" " + items,
                "* STATUS INBOX (UIDVALIDITY 9 UIDNEXT 7 MESSAGES 2)\r\n%T OK x\r\n");
        const auto folders = session->folders();
        ASSERT_THAT(folders, SizeIs(1));
        EXPECT_EQ(folders[0].quick_token, "9:7:2");
    }
}

TEST_F(Lies, a_list_that_lacks_its_status_is_a_list)
{
    open("LIST-EXTENDED LIST-STATUS");
    server.on(
        "LIST \"\" \"*\" RETURN (SUBSCRIBED STATUS (UIDVALIDITY UIDNEXT MESSAGES))",
        "* LIST () \"/\" INBOX\r\n%T OK x\r\n");
    const auto folders = session->folders();
    ASSERT_THAT(folders, SizeIs(1));
    EXPECT_EQ(folders[0].quick_token, "");
}

TEST_F(Lies, what_nobody_enabled_is_not_enabled)
{
    open("CONDSTORE");
    const auto drafts = table.add("Entw&APw-rfe", {"Entw&APw-rfe"});
    server.says("* ENABLED UTF8=ACCEPT QRESYNC\r\n")
        .on("NOOP", "* ENABLED UTF8=ACCEPT QRESYNC\r\n%T OK x\r\n")
        .on("EXAMINE \"Entw&APw-rfe\"", "%T NO gone\r\n");
    session->keep_alive();
    const MessageRef message {drafts, {"1"}};
    SeenTexts seen;
    session->fetch(std::span(&message, 1), Part::whole, seen);
    EXPECT_TRUE(server.has_heard("EXAMINE \"Entw&APw-rfe\""));
}

TEST_F(Lies, an_expunge_of_some_alone_that_is_refused_takes_no_others_along)
{
    open("UIDPLUS");
    server.on("SELECT \"INBOX\"", selected)
        .on("UID STORE 5 +FLAGS.SILENT (\\Deleted)", "%T OK x\r\n");
    const MessageRef message {inbox, {"5"}};
    SeenResults results;
    session->remove(std::span(&message, 1), results);
    EXPECT_THAT(results.failures, SizeIs(1));
    for (const auto& line : server.heard)
        EXPECT_NE(line, "EXPUNGE");
}

TEST_F(Lies, a_move_that_is_refused_moves_nothing)
{
    open("MOVE UIDPLUS");
    server.on("SELECT \"INBOX\"", selected).on("UID SEARCH UID 5", "* SEARCH 5\r\n%T OK x\r\n");
    const MessageRef message {inbox, {"5"}};
    const Move move {message, other, {}};
    SeenStores moved;
    session->move(std::span(&move, 1), moved);
    ASSERT_THAT(moved.failures, SizeIs(1));
    EXPECT_EQ(moved.failures.at(0).scope(), Scope::message);
    EXPECT_FALSE(server.has_heard("EXPUNGE"));
}

/// Dovecot 2.3 ends none of the commands that wait before it has said what became of all messages.
TEST_F(Lies, moves_to_two_folders_are_told_apart_whenever_the_server_tells_of_them)
{
    open("MOVE UIDPLUS");
    const auto third = table.add("c", {"c"});
    table.set_epoch(third, "12");
    server.on("SELECT \"INBOX\"", selected)
        .on("UID SEARCH UID 5:6", "* SEARCH 5 6\r\n%T OK x\r\n")
        .on("UID SEARCH UID 5:6", "* SEARCH\r\n%T OK x\r\n")
        .on("UID MOVE 5 \"b\"", "* OK [COPYUID 9 5 11] x\r\n* OK [COPYUID 12 6 4] x\r\n%T OK x\r\n")
        .on("UID MOVE 6 \"c\"", "%T OK x\r\n");
    const Move moves[] = {{{inbox, {"5"}}, other, {}}, {{inbox, {"6"}}, third, {}}};
    SeenStores moved;
    session->move(moves, moved);
    EXPECT_THAT(moved.failures, SizeIs(0));
    EXPECT_EQ(moved.ids.at(0), "11");
    EXPECT_EQ(moved.ids.at(1), "4");
}

TEST_F(Lies, a_text_of_another_size_than_was_said_is_no_text)
{
    for (const auto* size : {"3", "5", "40"}) {
        session.reset();
        FakeServer fresh;
        std::swap(server, fresh);
        open("");
        server.on("EXAMINE \"INBOX\"", examined)
            .on("UID FETCH 5 (UID FLAGS INTERNALDATE BODY.PEEK[])",
                "* 1 FETCH (UID 5 FLAGS () INTERNALDATE \"\" BODY[] {" + std::string(size)
                    + "}\r\nhi there)\r\n%T OK x\r\n");
        const MessageRef message {inbox, {"5"}};
        SeenTexts seen;
        EXPECT_THROW(session->fetch(std::span(&message, 1), Part::whole, seen), Error) << size;
        for (const auto& [index, text] : seen.texts)
            EXPECT_FALSE(text.ended) << size;
    }
}

}  // namespace offlineimap::imap::test
