// SPDX-License-Identifier: Apache-2.0
#include "scripted_session.hpp"

// Extensions that Dovecot 2.3 lacks, and what is done without them.

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

namespace {

class Extension : public ScriptedSession {
protected:
    static std::vector<std::string> names(const std::vector<FolderInfo>& folders)
    {
        std::vector<std::string> names;
        for (const auto& folder : folders)
            names.push_back(folder.name);
        return names;
    }
    const std::string ask = " (UIDVALIDITY UIDNEXT MESSAGES)";
    const std::string enable_utf8 = "ENABLE UTF8=ACCEPT";
};

}  // namespace

// ------------------------------------------------------------------ NAMESPACE

TEST_F(Extension, the_prefix_of_all_folders_can_be_left_away)
{
    preferences.prefix = Prefix::leave_away;
    open("NAMESPACE");
    server
        .on("NAMESPACE",
            "* NAMESPACE ((\"INBOX.\" \".\")) NIL ((\"shared.\" \".\"))\r\n%T OK x\r\n")
        .on("LIST \"\" \"*\"",
            "* LIST () \".\" INBOX\r\n* LIST () \".\" INBOX.Sent\r\n* LIST () \".\" inbox.a.b\r\n"
            "* LIST () \".\" INBOX.INBOX\r\n* LIST () \".\" shared.x\r\n%T OK x\r\n");
    EXPECT_THAT(
        names(session->folders()), ElementsAre("INBOX", "Sent", "a.b", "INBOX.INBOX", "shared.x"));
}

TEST_F(Extension, the_prefix_stands_before_new_folders)
{
    preferences.prefix = Prefix::leave_away;
    open("NAMESPACE");
    server.on("NAMESPACE", "* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n%T OK x\r\n")
        .on("LIST \"\" \"\"", "* LIST (\\Noselect) \".\" \"\"\r\n%T OK x\r\n")
        .on("CREATE \"INBOX.new.er\"", "%T OK x\r\n")
        .on("LIST \"\" \"INBOX.new.er\"", "* LIST () \".\" INBOX.new.er\r\n%T OK x\r\n");
    EXPECT_THAT(session->create_folder({"new", "er"}).path, ElementsAre("new", "er"));
}

TEST_F(Extension, without_the_option_names_keep_the_prefix_and_an_error_tells_of_it)
{
    open("NAMESPACE");
    server.on("NAMESPACE", "* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n%T OK x\r\n")
        .on("LIST \"\" \"*\"", "* LIST () \".\" INBOX\r\n* LIST () \".\" INBOX.Sent\r\n%T OK x\r\n")
        .on("CREATE \"new\"", "%T NO must begin with INBOX.\r\n")
        .on("LIST \"\" \"new\"", "%T OK x\r\n");
    EXPECT_THAT(names(session->folders()), ElementsAre("INBOX", "INBOX.Sent"));
    try {
        (void)session->create_folder({"new"});
        FAIL();
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("usenamespace = yes"));
    }
}

// ---------------------------------------------------------------- UTF8=ACCEPT

TEST_F(Extension, names_in_utf8_are_the_same_folders)
{
    open("ENABLE UTF8=ACCEPT");
    server.on(enable_utf8, "* ENABLED UTF8=ACCEPT\r\n%T OK x\r\n")
        .on("LIST \"\" \"*\"",
            "* LIST () \"/\" INBOX\r\n* LIST () \"/\" \"Entw\xc3\xbcrfe\"\r\n"
            "* LIST () \"/\" \"a & b\"\r\n%T OK x\r\n")
        .on("STATUS \"INBOX\"" + ask, "%T NO x\r\n")
        .on("STATUS \"Entw\xc3\xbcrfe\"" + ask,
            "* STATUS \"Entw\xc3\xbcrfe\" (UIDVALIDITY 4 UIDNEXT 2 MESSAGES 1)\r\n%T OK x\r\n")
        .on("STATUS \"a & b\"" + ask, "%T NO x\r\n")
        .on("EXAMINE \"Entw\xc3\xbcrfe\"", "%T NO gone\r\n");
    const auto folders = session->folders();
    EXPECT_THAT(names(folders), ElementsAre("INBOX", "Entw&APw-rfe", "a &- b"));
    EXPECT_EQ(folders.at(1).epoch, "4");
    const MessageRef message {folders.at(1).index, {"1"}};
    SeenTexts seen;
    session->fetch(std::span(&message, 1), Part::whole, seen);
    EXPECT_TRUE(server.has_heard("EXAMINE \"Entw\xc3\xbcrfe\""));
}

TEST_F(Extension, names_stay_in_utf7_where_the_server_did_not_switch)
{
    open("ENABLE UTF8=ACCEPT");
    server.on(enable_utf8, "* ENABLED\r\n%T OK x\r\n")
        .on("CREATE \"Entw&APw-rfe\"", "%T OK x\r\n")
        .on("LIST \"\" \"\"", "* LIST () \"/\" \"\"\r\n%T OK x\r\n")
        .on("LIST \"\" \"Entw&APw-rfe\"", "* LIST () \"/\" Entw&APw-rfe\r\n%T OK x\r\n");
    EXPECT_EQ(session->create_folder({"Entw&APw-rfe"}).name, "Entw&APw-rfe");
}

TEST_F(Extension, the_first_folder_is_named_once_it_is_known_how)
{
    open("ENABLE UTF8=ACCEPT");
    const auto drafts = table.add("Entw&APw-rfe", {"Entw&APw-rfe"});
    server.on(enable_utf8, "* ENABLED UTF8=ACCEPT\r\n%T OK x\r\n")
        .on("EXAMINE \"Entw\xc3\xbcrfe\"", "%T NO gone\r\n");
    const MessageRef message {drafts, {"1"}};
    SeenTexts seen;
    session->fetch(std::span(&message, 1), Part::whole, seen);
    EXPECT_TRUE(server.has_heard("EXAMINE \"Entw\xc3\xbcrfe\""));
}

TEST_F(Extension, a_server_of_imap4rev2_alone_has_names_in_utf8)
{
    open("", "IMAP4rev2");
    server.on(
        "LIST \"\" \"*\" RETURN (SUBSCRIBED SPECIAL-USE STATUS (UIDVALIDITY UIDNEXT MESSAGES))",
        "* LIST (\\Subscribed) \"/\" \"\xc3\xbc\"\r\n"
        "* STATUS \"\xc3\xbc\" (UIDVALIDITY 4 UIDNEXT 2 MESSAGES 1)\r\n%T OK x\r\n");
    server.on("NOOP", "%T OK x\r\n");
    const auto folders = session->folders();
    EXPECT_THAT(names(folders), ElementsAre("&APw-"));
    EXPECT_EQ(folders.at(0).epoch, "4");
}

// -------------------------------------------------------------------- UIDONLY

TEST_F(Extension, uidfetch_is_read_like_fetch)
{
    open("ENABLE UIDONLY");
    server.on("ENABLE UIDONLY", "* ENABLED UIDONLY\r\n%T OK x\r\n")
        .on("SELECT \"INBOX\"", selected)
        .on("UID FETCH 1:* (UID FLAGS)",
            "* 5 UIDFETCH (FLAGS (\\Seen))\r\n* 6 UIDFETCH (UID 6 FLAGS ())\r\n%T OK x\r\n")
        .on("EXAMINE \"INBOX\"", examined)
        .on("UID FETCH 5 (UID FLAGS INTERNALDATE BODY.PEEK[])",
            "* 5 UIDFETCH (FLAGS () INTERNALDATE \"\" BODY[] {2}\r\nhi)\r\n%T OK x\r\n");
    EXPECT_THAT(
        changes().changed,
        ElementsAre(Pair(MessageId {"5"}, "5:\\Seen"), Pair(MessageId {"6"}, "6:")));
    const MessageRef message {inbox, {"5"}};
    SeenTexts seen;
    session->fetch(std::span(&message, 1), Part::whole, seen);
    EXPECT_EQ(seen.texts.at(0).text, "hi");
}

// ------------------------------------------------------------------ SEARCHRES

TEST_F(Extension, a_window_takes_one_turn_where_searches_are_kept)
{
    open("ESEARCH SEARCHRES");
    Window window;
    window.smaller_than = 100;
    server.on("SELECT \"INBOX\"", selected)
        .on("UID SEARCH RETURN (SAVE ALL) UID 1:* SMALLER 100",
            "* ESEARCH (TAG \"%T\") UID ALL 5\r\n%T OK x\r\n")
        .on("UID FETCH $ (UID FLAGS)", "* 1 FETCH (UID 5 FLAGS ())\r\n%T OK x\r\n");
    server.turns = 0;
    EXPECT_THAT(changes({}, window).changed, SizeIs(1));
    EXPECT_EQ(server.turns, 1U);
}

TEST_F(Extension, a_kept_search_that_found_nothing_may_be_refused)
{
    open("ESEARCH SEARCHRES");
    Window window;
    window.smaller_than = 100;
    server.on("SELECT \"INBOX\"", selected)
        .on("UID SEARCH RETURN (SAVE ALL) UID 1:* SMALLER 100",
            "* ESEARCH (TAG \"%T\") UID\r\n%T OK x\r\n")
        .on("UID FETCH $ (UID FLAGS)", "%T BAD nothing saved\r\n");
    const auto seen = changes({}, window);
    EXPECT_FALSE(seen.failure);
    EXPECT_THAT(seen.changed, IsEmpty());
}

TEST_F(Extension, a_search_that_is_refused_is_not_taken_for_an_empty_folder)
{
    open("ESEARCH SEARCHRES");
    Window window;
    window.smaller_than = 100;
    server.on("SELECT \"INBOX\"", selected)
        .on("UID SEARCH RETURN (SAVE ALL) UID 1:* SMALLER 100", "%T NO cannot\r\n")
        .on("UID FETCH $ (UID FLAGS)", "%T BAD nothing saved\r\n");
    EXPECT_TRUE(changes({}, window).failure);
}

}  // namespace offlineimap::imap::test
