// SPDX-License-Identifier: Apache-2.0
#include "scripted_session.hpp"

// What a server says that cannot be so. It is not believed, and no message stands for another, or
// looks deleted, because of it.

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;

namespace {

class Doubts : public ScriptedSession {
protected:
    void start(const std::string& capabilities)
    {
        session.reset();
        FakeServer fresh;
        std::swap(server, fresh);
        server.on("ENABLE QRESYNC", "* ENABLED QRESYNC\r\n%T OK x\r\n");
        open(capabilities);
    }
    /// The next UID that a listing told.
    void tell(FolderIndex folder, std::uint64_t uid_next)
    {
        MailboxStatus status;
        status.uid_validity = 9;
        status.uid_next = uid_next;
        table.set_told(folder, status);
    }
    SeenTexts fetch(const std::vector<std::string>& ids)
    {
        std::vector<MessageRef> refs;
        refs.reserve(ids.size());
        for (const auto& id : ids)
            refs.push_back({inbox, {id}});
        SeenTexts seen;
        session->fetch(refs, Part::whole, seen);
        return seen;
    }
    const std::string all = "UID FETCH 1:* (UID FLAGS)";
    const std::string delta = "UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 50 VANISHED)";
    const std::string delta_listed = "UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 50)";
    const std::string both = "* 1 FETCH (UID 5 FLAGS ())\r\n* 2 FETCH (UID 6 FLAGS ())\r\n";
};

struct IdCase {
    std::string told;
    std::vector<std::string> ids;
};

}  // namespace

// ------------------------------------------------------------------- folders

/// Its index was lost and made anew: it tells of no change until it has passed what it was.
TEST_F(Doubts, a_highestmodseq_that_fell_or_is_there_no_more_tells_nothing)
{
    for (const auto* capabilities : {"CONDSTORE", "ENABLE CONDSTORE QRESYNC"})
        for (const std::string mod_seq : {"HIGHESTMODSEQ 5", "NOMODSEQ", "HIGHESTMODSEQ 0"}) {
            start(capabilities);
            server.on("SELECT \"INBOX\"", "* OK [" + mod_seq + "] x\r\n" + selected)
                .on(delta, "%T OK x\r\n")
                .on(delta_listed, "%T OK x\r\n")
                .on("UID SEARCH ALL", "* SEARCH 5 6\r\n%T OK x\r\n")
                .on(all, both + "%T OK x\r\n");
            const auto seen = changes("9:7:50:2");
            EXPECT_FALSE(seen.failure) << mod_seq;
            EXPECT_EQ(seen.coverage, Coverage::snapshot) << mod_seq;
            EXPECT_THAT(seen.changed, SizeIs(2)) << mod_seq;
            EXPECT_EQ(seen.token, mod_seq == "HIGHESTMODSEQ 5" ? "9:7:5:2" : "") << mod_seq;
        }
}

TEST_F(Doubts, a_folder_of_unknown_size_is_not_taken_for_an_empty_one)
{
    start("");
    server.on("SELECT \"INBOX\"", "* OK [UIDVALIDITY 9]\r\n* OK [UIDNEXT 7]\r\n%T OK x\r\n")
        .on(all, "%T OK x\r\n");
    const auto seen = changes();
    ASSERT_TRUE(seen.failure);
    EXPECT_EQ(seen.failure->retry(), Retry::later);
    EXPECT_THAT(seen.failure->what(), HasSubstr("how many messages"));
    EXPECT_EQ(seen.begins, 0);
}

/// RFC 7162 section 3.2.11
TEST_F(Doubts, what_is_said_before_the_other_folder_is_closed_is_about_that_one)
{
    start("CONDSTORE");
    server
        .on("SELECT \"INBOX\"",
            "* 9 EXISTS\r\n* OK [HIGHESTMODSEQ 900] x\r\n* OK [UIDVALIDITY 1] x\r\n"
            "* FLAGS (theirs)\r\n* OK [CLOSED] x\r\n"
                + std::string(selected))
        .on(all, both + "%T OK x\r\n");
    const auto seen = changes();
    EXPECT_FALSE(seen.failure);
    EXPECT_EQ(seen.token, "");
    EXPECT_EQ(seen.state.epoch, "9");
}

TEST_F(Doubts, what_a_search_of_another_tag_found_is_not_the_answer)
{
    const auto after = [this](const std::string& found) {
        start("CONDSTORE ESEARCH");
        server.on("SELECT \"INBOX\"", std::string("* OK [HIGHESTMODSEQ 50] x\r\n") + selected)
            .on(delta_listed, "%T OK x\r\n")
            .on("UID SEARCH RETURN (ALL) ALL", found + "%T OK x\r\n");
        return changes("9:7:50:2");
    };
    EXPECT_FALSE(after("* ESEARCH (TAG \"%T\") UID ALL 5:6\r\n").failure);
    EXPECT_FALSE(after("* ESEARCH (TAG %T) UID ALL 5:6\r\n").failure);
    EXPECT_FALSE(after("* ESEARCH UID ALL 5:6\r\n").failure);
    const auto seen = after("* ESEARCH (TAG \"A99\") UID ALL 5:6\r\n");
    ASSERT_TRUE(seen.failure);
    EXPECT_THAT(seen.failure->what(), HasSubstr("2 messages, but lists 0"));
}

// --------------------------------------------------------------------- texts

TEST_F(Doubts, a_response_is_about_one_message)
{
    const std::string facts = " FLAGS () INTERNALDATE \"\" ";
    for (const auto& answer :
         {"UID 5" + facts + "BODY[] {3}\r\nabc UID 6 BODY[] {2}\r\nhi",
          "UID 5" + facts + "BODY[] {3}\r\nabc BODY[] {2}\r\nhi",
          "BODY[] {3}\r\nabc BODY[] {2}\r\nhi UID 5" + facts,
          "UID 5" + facts + "BODY[] {3}\r\nabc UID 6 BODY[] NIL",
          "UID 5" + facts + "BODY[] {3}\r\nabc UID 6"}) {
        start("");
        server.on("EXAMINE \"INBOX\"", examined)
            .on("UID FETCH 5:6 (UID FLAGS INTERNALDATE BODY.PEEK[])",
                "* 1 FETCH (" + answer + ")\r\n%T OK x\r\n");
        const auto seen = fetch({"5", "6"});
        ASSERT_THAT(seen.texts, SizeIs(1)) << answer;
        EXPECT_EQ(seen.texts.at(0).text, "abc") << answer;
        EXPECT_TRUE(seen.texts.at(0).ended) << answer;
        EXPECT_THAT(seen.failures, SizeIs(1)) << answer;
    }
}

// ------------------------------------------------------------------ removals

/// Without UIDPLUS all that is marked as deleted goes.
TEST_F(Doubts, nothing_is_expunged_unless_it_is_known_to_be_ours)
{
    struct Case {
        std::string found;
        bool goes = false, is_done = true;
    };
    const Case cases[] = {
        {"* SEARCH 5\r\n%T OK x\r\n", true},
        {"* SEARCH 5 6\r\n%T OK x\r\n"},
        {"* SEARCH\r\n%T OK x\r\n"},
        {"%T OK x\r\n", false, false},
        {"%T NO not today\r\n"},
        {"%T BAD what\r\n"},
        {"* ESEARCH (TAG \"A99\") UID ALL 5\r\n%T OK x\r\n", false, false}};
    for (const auto& [found, goes, is_done] : cases) {
        start("");
        server.on("SELECT \"INBOX\"", selected)
            .on("UID STORE 5 +FLAGS.SILENT (\\Deleted)", "%T OK x\r\n")
            .on("UID SEARCH DELETED", found)
            .on("EXPUNGE", "%T OK x\r\n");
        const MessageRef message {inbox, {"5"}};
        SeenResults results;
        session->remove(std::span(&message, 1), results);
        EXPECT_THAT(results.succeeded, SizeIs(is_done ? 1 : 0)) << found;
        EXPECT_EQ(server.has_heard("EXPUNGE"), goes) << found;
    }
}

// ------------------------------------------------------------------ new UIDs

TEST_F(Doubts, uids_of_uploads_that_cannot_be_are_not_believed)
{
    const std::vector<std::string> none {"", "", ""};
    const IdCase cases[] = {
        {"9 11:13", {"11", "12", "13"}},
        {"9 11,15,400000", {"11", "15", "400000"}},
        {"9 11,15,4294967295", none},
        {"9 13:11", {"11", "12", "13"}},  // RFC 3501 section 9: the same
        {"9 5:7", none},                  // some of them were there before
        {"9 13,12,11", none},
        {"9 11,11,12", none},
        {"9 11:12,12", none},
        {"9 11:12", none},
        {"9 11:14", none},
        {"9 1:4294967295", none},
        {"10 11:13", none},
        {"9 0:2", none},
        {"9 11:*", none},
        {"9 4294967294:4294967296", none},
        {"9", none},
        {"", none}};
    for (const auto& [told, ids] : cases) {
        start("MULTIAPPEND LITERAL+ UIDPLUS");
        server.reads_literals = true;
        tell(inbox, 7);
        server.on(
            "APPEND \"INBOX\" () {1+}\r\na () {1+}\r\nb () {1+}\r\nc",
            "%T OK [APPENDUID " + told + "] x\r\n");
        const auto seen = append({"a", "b", "c"});
        EXPECT_THAT(seen.ids, ElementsAre(Pair(0, ids[0]), Pair(1, ids[1]), Pair(2, ids[2])))
            << told;
    }
}

TEST_F(Doubts, no_two_uploads_get_one_uid)
{
    start("LITERAL+ UIDPLUS");
    server.reads_literals = true;
    tell(inbox, 7);
    for (const auto* text : {"a", "b"})
        server.on(
            "APPEND \"INBOX\" () {1+}\r\n" + std::string(text), "%T OK [APPENDUID 9 11] x\r\n");
    EXPECT_THAT(append({"a", "b"}).ids, ElementsAre(Pair(0, "11"), Pair(1, "")));
    EXPECT_THAT(append({"a"}).ids, ElementsAre(Pair(0, "")));
}

TEST_F(Doubts, uids_of_moved_messages_that_cannot_be_are_not_believed)
{
    const IdCase cases[] = {
        {"9 5:6 11:12", {"11", "12"}},
        {"9 6,5 11,12", {"12", "11"}},
        {"9 5:6,8 11:13", {"11", "12"}},
        {"9 5:6 11", {"", ""}},
        {"9 5:6 11:13", {"", ""}},
        {"9 5:6 11,11", {"", ""}},
        {"9 5,5 11:12", {"", ""}},
        {"9 5:6 3:4", {"", ""}},  // which were there before
        {"9 1:4294967295 1:4294967295", {"", ""}},
        {"10 5:6 11:12", {"", ""}},
        {"9 5:6 0:1", {"", ""}},
        {"9 5:6", {"", ""}},
        {"", {"", ""}}};
    for (const auto& [told, ids] : cases) {
        start("MOVE UIDPLUS");
        tell(other, 7);
        server.on("SELECT \"INBOX\"", selected)
            .on("UID SEARCH UID 5:6", "* SEARCH 5 6\r\n%T OK x\r\n")
            .on("UID SEARCH UID 5:6", "* SEARCH\r\n%T OK x\r\n")
            .on("UID MOVE 5:6 \"b\"", "* OK [COPYUID " + told + "] x\r\n%T OK x\r\n");
        const Move moves[] = {{{inbox, {"5"}}, other, {}}, {{inbox, {"6"}}, other, {}}};
        SeenStores moved;
        session->move(moves, moved);
        EXPECT_THAT(moved.failures, SizeIs(0)) << told;
        EXPECT_THAT(moved.ids, ElementsAre(Pair(0, ids[0]), Pair(1, ids[1]))) << told;
    }
}

// --------------------------------------------------------------- capabilities

/// What is said of it while an upload waits for its turn.
TEST_F(Doubts, a_literal_is_awaited_as_it_was_announced)
{
    start("");
    server.reads_literals = true;
    const std::string large(300'000, 'x');
    server.on("APPEND \"INBOX\" () {1}\r\na", "* CAPABILITY IMAP4rev1 LITERAL+\r\n%T OK x\r\n")
        .on("APPEND \"INBOX\" () {300000}\r\n" + large, "%T OK x\r\n");
    EXPECT_THAT(append({"a", large}).ids, SizeIs(2));
}

}  // namespace offlineimap::imap::test
