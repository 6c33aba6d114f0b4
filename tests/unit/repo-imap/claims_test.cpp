// SPDX-License-Identifier: Apache-2.0
#include "scripted_session.hpp"

// What a server says of what changed must fit what it says of the folder.

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace {

class Claims : public ScriptedSession { };

/// A folder that had four messages, the next UID being 5, and now has two and says what went.
class Vanished : public ScriptedSession {
protected:
    SeenFolder after(const std::string& vanished, const std::string& token = "9:7:3:4")
    {
        open("ENABLE CONDSTORE QRESYNC");
        server.on("ENABLE QRESYNC", "* ENABLED QRESYNC\r\n%T OK x\r\n")
            .on("SELECT \"INBOX\"", std::string("* OK [HIGHESTMODSEQ 5]\r\n") + selected)
            .on("UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 3 VANISHED)",
                vanished + "%T OK x\r\n")
            .on("UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 3)", "%T OK x\r\n")
            .on("UID SEARCH ALL", "* SEARCH 2 4\r\n%T OK x\r\n");
        return changes(token);
    }
};

}  // namespace

TEST_F(Claims, may_claim_that_all_uids_vanished)
{
    open("ENABLE CONDSTORE QRESYNC");
    server.on("ENABLE QRESYNC", "* ENABLED QRESYNC\r\n%T OK x\r\n")
        .on("SELECT \"INBOX\"", std::string("* OK [HIGHESTMODSEQ 5]\r\n") + selected)
        .on("UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 3 VANISHED)",
            "* VANISHED (EARLIER) 1:4294967295\r\n%T OK x\r\n")
        .on("UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 3)", "%T OK x\r\n")
        .on("UID SEARCH ALL", "* SEARCH 2 4\r\n%T OK x\r\n");
    const auto seen = changes("9:5:3:4");
    EXPECT_EQ(seen.coverage, Coverage::delta_listed);
    EXPECT_THAT(seen.vanished, IsEmpty());
    EXPECT_THAT(seen.present, SizeIs(2));
    EXPECT_EQ(seen.token, "9:7:5:2");
}

TEST_F(Vanished, is_believed_where_the_numbers_fit)
{
    const auto seen = after("* VANISHED (EARLIER) 1\r\n* VANISHED (EARLIER) 3\r\n");
    EXPECT_EQ(seen.coverage, Coverage::delta);
    EXPECT_THAT(seen.vanished, ElementsAre(MessageId {"1"}, MessageId {"3"}));
    EXPECT_FALSE(server.has_heard("SEARCH"));
}

TEST_F(Vanished, counts_what_came_and_went_in_between)
{
    // UIDs 5 and 6 came, 6 went, and so did 1 and 3.
    const auto seen =
        after("* VANISHED (EARLIER) 1,3,6\r\n* 2 FETCH (UID 5 FLAGS ())\r\n", "9:5:3:3");
    EXPECT_EQ(seen.coverage, Coverage::delta);
    EXPECT_THAT(seen.vanished, SizeIs(3));
}

TEST_F(Vanished, is_looked_into_where_more_went_than_are_missing)
{
    const auto seen = after("* VANISHED (EARLIER) 1,3,4\r\n");
    EXPECT_EQ(seen.coverage, Coverage::delta_listed);
    EXPECT_THAT(seen.present, ElementsAre(MessageId {"2"}, MessageId {"4"}));
    EXPECT_EQ(seen.token, "9:7:5:2");
}

TEST_F(Vanished, may_come_late_and_is_left_to_the_next_run_where_it_is_just_now)
{
    const auto seen =
        after("* VANISHED 4\r\n* 1 FETCH (UID 2 FLAGS (work))\r\n* VANISHED (EARLIER) 1,3\r\n");
    EXPECT_EQ(seen.coverage, Coverage::delta);
    EXPECT_THAT(seen.vanished, ElementsAre(MessageId {"1"}, MessageId {"3"}));
    EXPECT_THAT(seen.changed, SizeIs(1));
    EXPECT_EQ(seen.token, "9:7:5:2");
}

/// What of the first had come would be taken for all.
TEST_F(Claims, may_not_answer_about_two_folders_at_once)
{
    const std::string data = "UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 3)";
    const auto begun = "* 1 FETCH (UID 2 FLAGS (work))\r\n%T OK x\r\n";
    for (const std::string second : {"* ESEARCH (TAG \"A6\") UID ALL 2,4\r\n", "A4 NO gone\r\n"}) {
        FakeServer fresh;
        std::swap(server, fresh);
        open("CONDSTORE ESEARCH");
        server.on("SELECT \"INBOX\"", std::string("* OK [HIGHESTMODSEQ 5]\r\n") + selected)
            .on("SELECT \"b\"", "")
            .on(data, begun)
            .on("UID SEARCH RETURN (ALL) ALL", second);
        if (second.starts_with("*"))
            server.on("SELECT \"b\"", std::string("* OK [HIGHESTMODSEQ 5]\r\n") + selected);
        const ChangeRequest requests[] = {{inbox, "9", "9:7:3:2", {}}, {other, "9", "9:7:3:2", {}}};
        SeenChanges seen;
        EXPECT_THROW(session->changes(requests, seen), Error) << second;
        EXPECT_FALSE(seen.folders[inbox].token);
    }
}

TEST_F(Claims, may_find_fewer_messages_than_there_are)
{
    open("CONDSTORE");
    server.on("SELECT \"INBOX\"", std::string("* OK [HIGHESTMODSEQ 5]\r\n") + selected)
        .on("UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 3)", "%T OK x\r\n")
        .on("UID SEARCH ALL", "* SEARCH 2\r\n%T OK x\r\n");
    const auto seen = changes("9:7:3:2");
    ASSERT_TRUE(seen.failure);
    EXPECT_THAT(seen.failure->what(), HasSubstr("there are 2 messages, but lists 1"));
    EXPECT_FALSE(seen.token);
}

}  // namespace offlineimap::imap::test
