// SPDX-License-Identifier: Apache-2.0
#include "scripted_session.hpp"
#include "watch_kit.hpp"

#include <offlineimap/facets.hpp>

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

namespace {

class Watch : public ScriptedSession {
protected:
    void tell(FolderIndex folder, std::uint64_t next)
    {
        MailboxStatus status;
        status.uid_validity = 9;
        status.uid_next = next;
        status.messages = 2;
        table.set_told(folder, status);
    }
    std::vector<std::string> watch(std::vector<FolderPath> paths, std::size_t enough = 1)
    {
        Stop stop;
        Touched touched(stop, enough);
        session->watch(paths, touched, stop);
        return touched.folders;
    }
    static std::string status(const std::string& name, int next, const std::string& more = {})
    {
        return "* STATUS " + name + " (UIDVALIDITY 9 UIDNEXT " + std::to_string(next)
            + " MESSAGES 2" + more + ")\r\n";
    }
    /// What is told of while one folder is in IDLE and STATUS says two things of the other.
    std::vector<std::string> idle_beside(const std::string& first, const std::string& then)
    {
        open("IDLE");
        tell(inbox, 7);
        tell(other, 3);
        preferences.poll_interval = std::chrono::milliseconds(1);
        server.on("EXAMINE \"INBOX\"", selected)
            .on("IDLE", "+ idling\r\n")
            .on("STATUS \"b\"" + ask, first + "%T OK x\r\n")
            .on("STATUS \"b\"" + ask, then + "%T OK x\r\n")
            .on_line("DONE", "A3 OK x\r\n")
            .on_line("DONE", "A5 OK x\r\n");
        return watch({{"INBOX"}, {"b"}});
    }
    [[nodiscard]] auto times_heard(const std::string& command) const
    {
        return std::count(server.heard.begin(), server.heard.end(), command);
    }
    const std::string ask = " (UIDVALIDITY UIDNEXT MESSAGES UNSEEN)";
    const std::string notify = "NOTIFY SET STATUS (mailboxes (\"INBOX\") "
                               "(MessageNew MessageExpunge FlagChange))";
    const std::string notify_all = "NOTIFY SET STATUS (personal "
                                   "(MessageNew MessageExpunge FlagChange MailboxName))";
};

}  // namespace

TEST_F(Watch, tells_what_notify_tells)
{
    open("NOTIFY UNSELECT");
    tell(inbox, 7);
    server.on("UNSELECT", "%T BAD nothing selected\r\n")
        .on(notify, status("INBOX", 7) + "%T OK x\r\n" + status("INBOX", 8))
        .on("NOOP", "%T OK x\r\n")
        .on("NOTIFY NONE", "%T OK x\r\n");
    EXPECT_THAT(watch({{"INBOX"}}), ElementsAre("INBOX"));
    EXPECT_EQ(server.heard.back(), "NOTIFY NONE");
}

TEST_F(Watch, tells_at_once_what_happened_since_the_last_listing)
{
    open("NOTIFY UNSELECT");
    tell(inbox, 7);
    tell(other, 3);
    server.on("UNSELECT", "%T OK x\r\n")
        .on(notify_all, status("INBOX", 8) + status("b", 3) + "%T OK x\r\n")
        .on("NOOP", "%T OK x\r\n")
        .on("NOTIFY NONE", "%T OK x\r\n");
    EXPECT_THAT(watch({}), ElementsAre("INBOX"));
}

/// The answer that is missing goes to a command, which must be there still.
TEST_F(Watch, waits_for_every_answer_in_whatever_order_they_come)
{
    open("NOTIFY UNSELECT");
    tell(inbox, 7);
    tell(other, 3);
    server.on("UNSELECT", "")
        .on(notify_all, "%T NO not today\r\n* OK still here\r\nA1 OK late\r\n")
        .on("EXAMINE \"INBOX\"", "%T NO busy\r\n")
        .on("STATUS \"INBOX\"" + ask, status("INBOX", 8) + "%T OK x\r\n")
        .on("STATUS \"b\"" + ask, status("b", 3) + "%T OK x\r\n");
    EXPECT_THAT(watch({}), ElementsAre("INBOX"));
    server.on(notify_all, "%T NO not today\r\n");
    EXPECT_THROW(watch({}), Error);  // UNSELECT is never answered
}

TEST_F(Watch, does_not_call_twice_for_the_same_old_news)
{
    open("");
    tell(inbox, 7);
    tell(other, 3);
    server.on("EXAMINE \"INBOX\"", "%T NO busy\r\n")
        .on("STATUS \"INBOX\"" + ask, status("INBOX", 8) + "%T OK x\r\n")
        .on("STATUS \"b\"" + ask, status("b", 3) + "%T OK x\r\n");
    EXPECT_THAT(watch({}), ElementsAre("INBOX"));
    // The run listed it, and it still is what SELECT says, not what STATUS says.
    server.on("STATUS \"b\"" + ask, status("b", 4) + "%T OK x\r\n");
    EXPECT_THAT(watch({}), ElementsAre("b"));
}

TEST_F(Watch, tells_that_a_folder_came)
{
    open("NOTIFY UNSELECT");
    tell(inbox, 7);
    tell(other, 3);
    server.on("UNSELECT", "%T OK x\r\n")
        .on(notify_all,
            status("INBOX", 7) + status("b", 3) + "%T OK x\r\n* LIST () \"/\" \"new\"\r\n")
        .on("NOOP", "%T OK x\r\n")
        .on("NOTIFY NONE", "%T OK x\r\n");
    EXPECT_THAT(watch({}), ElementsAre(""));
}

TEST_F(Watch, begins_anew_when_the_server_could_not_keep_up)
{
    open("NOTIFY UNSELECT");
    tell(inbox, 7);
    server.on("UNSELECT", "%T OK x\r\n")
        .on(notify, status("INBOX", 7) + "%T OK x\r\n* OK [NOTIFICATIONOVERFLOW] x\r\n")
        .on(notify, status("INBOX", 8) + "%T OK x\r\n")
        .on("NOOP", "%T OK x\r\n")
        .on("NOTIFY NONE", "%T OK x\r\n");
    EXPECT_THAT(watch({{"INBOX"}}, 2), ElementsAre("INBOX", "INBOX"));
}

TEST_F(Watch, takes_its_time_with_a_server_that_can_never_keep_up)
{
    open("NOTIFY UNSELECT");
    tell(inbox, 7);
    server.on("UNSELECT", "%T OK x\r\n")
        .on(notify, "%T OK x\r\n* OK [NOTIFICATIONOVERFLOW] x\r\n")
        .on("NOTIFY NONE", "%T OK x\r\n");
    EXPECT_THAT(watch({{"INBOX"}}, 3), ElementsAre("INBOX", "INBOX", "INBOX"));
    EXPECT_GE(server.waits, 2U);
}

TEST_F(Watch, idles_where_there_is_no_notify)
{
    for (const std::string news :
         {"* 3 EXISTS", "* 1 EXPUNGE", "* VANISHED 4", "* 1 FETCH (FLAGS ())"}) {
        session.reset();
        server = FakeServer();
        open("IDLE");
        tell(inbox, 7);
        server.on("EXAMINE \"INBOX\"", selected)
            .on("IDLE", "+ idling\r\n" + news + "\r\n")
            .on_line("DONE", "A2 OK x\r\n");
        EXPECT_THAT(watch({{"INBOX"}}), ElementsAre("INBOX")) << news;
    }
}

TEST_F(Watch, begins_idle_again_before_the_server_hangs_up)
{
    open("IDLE");
    tell(inbox, 7);
    preferences.say_something = std::chrono::milliseconds(1);
    server.on("EXAMINE \"INBOX\"", selected)
        .on("IDLE", "+ idling\r\n")
        .on("IDLE", "+ idling\r\n* 3 EXISTS\r\n")
        .on_line("DONE", "A2 OK x\r\n")
        .on_line("DONE", "A3 OK x\r\n");
    EXPECT_THAT(watch({{"INBOX"}}), ElementsAre("INBOX"));
}

TEST_F(Watch, asks_for_the_folders_that_idle_does_not_tell_of)
{
    EXPECT_THAT(idle_beside(status("b", 3), status("b", 4)), ElementsAre("b"));
}

TEST_F(Watch, tells_of_a_message_that_was_read_elsewhere)
{
    EXPECT_THAT(
        idle_beside(status("b", 3, " UNSEEN 2"), status("b", 3, " UNSEEN 1")), ElementsAre("b"));
    EXPECT_EQ(times_heard("STATUS \"b\"" + ask), 2);
}

TEST_F(Watch, asks_for_no_more_than_highestmodseq_where_there_is_one)
{
    open("IDLE CONDSTORE");
    tell(inbox, 7);
    tell(other, 3);
    const std::string ask_all = "STATUS \"b\" (UIDVALIDITY UIDNEXT MESSAGES HIGHESTMODSEQ)";
    server.on("EXAMINE \"INBOX\"", selected)
        .on("IDLE", "+ idling\r\n* 3 EXISTS\r\n")
        .on(ask_all, status("b", 3, " HIGHESTMODSEQ 8") + "%T OK x\r\n")
        .on_line("DONE", "A3 OK x\r\n");
    EXPECT_THAT(watch({{"INBOX"}, {"b"}}), ElementsAre("INBOX"));
    EXPECT_EQ(times_heard(ask_all), 1);
}

/// Begun again at once it would go on like that as fast as the line allows.
TEST_F(Watch, polls_where_the_server_ends_idle_by_itself)
{
    for (const auto* answer : {"+ idling\r\n%T OK that is it\r\n", "%T OK that is it\r\n"}) {
        session.reset();
        server = FakeServer();
        open("IDLE");
        tell(inbox, 7);
        server.on("EXAMINE \"INBOX\"", selected)
            .on("IDLE", answer)
            .on("NOOP", "%T OK x\r\n")
            .on("NOOP", "* 3 EXISTS\r\n%T OK x\r\n");
        EXPECT_THAT(watch({{"INBOX"}}), ElementsAre("INBOX"));
        EXPECT_EQ(times_heard("IDLE"), 1);
    }
}

TEST_F(Watch, polls_where_the_server_refuses_to_idle)
{
    open("IDLE NOTIFY UNSELECT");
    tell(inbox, 7);
    preferences.poll_interval = std::chrono::milliseconds(1);
    server.on("EXAMINE \"INBOX\"", selected).on("NOOP", "* 3 EXISTS\r\n%T OK x\r\n");
    EXPECT_THAT(watch({{"INBOX"}}), ElementsAre("INBOX"));
}

TEST_F(Watch, leaves_a_session_that_can_be_used)
{
    open("IDLE");
    tell(inbox, 7);
    server.on("EXAMINE \"INBOX\"", selected)
        .on("IDLE", "+ idling\r\n* 3 EXISTS\r\n")
        .on_line("DONE", "A2 OK x\r\n")
        .on("SELECT \"INBOX\"", selected)
        .on("UID FETCH 1:* (UID FLAGS)", "* 1 FETCH (UID 5 FLAGS ())\r\n%T OK x\r\n");
    watch({{"INBOX"}});
    EXPECT_EQ(changes().changed.size(), 1U);
}

/// What ends the wait for news must not end the one for the last answer.
TEST_F(Watch, leaves_a_session_that_can_be_used_however_late_the_last_answer_comes)
{
    for (const auto* extensions : {"IDLE", "NOTIFY UNSELECT", "X"}) {
        session.reset();
        server = FakeServer();
        open(extensions);
        tell(inbox, 7);
        preferences.poll_interval = std::chrono::milliseconds(1);
        server.takes_its_time = true;
        server.on("EXAMINE \"INBOX\"", selected)
            .on("IDLE", "+ idling\r\n* 3 EXISTS\r\n")
            .on_line("DONE", "A2 OK x\r\n")
            .on("UNSELECT", "%T OK x\r\n")
            .on(notify, status("INBOX", 7) + "%T OK x\r\n" + status("INBOX", 8))
            .on("NOTIFY NONE", "%T OK x\r\n")
            .on("NOOP", "* 3 EXISTS\r\n%T OK x\r\n")
            .on("SELECT \"INBOX\"", selected)
            .on("UID FETCH 1:* (UID FLAGS)", "* 1 FETCH (UID 5 FLAGS ())\r\n%T OK x\r\n");
        EXPECT_THAT(watch({{"INBOX"}}), ElementsAre("INBOX")) << extensions;
        EXPECT_EQ(changes().changed.size(), 1U) << extensions;
    }
}

TEST_F(Watch, says_how_many_folders_it_is_told_of_at_once)
{
    const auto told = [&] {
        void* facet = session->facet(WatchReach::facet_name);
        return facet ? static_cast<WatchReach*>(facet)->told_at_once() : 99;
    };
    open("IDLE");
    EXPECT_EQ(told(), 1U);
    EXPECT_EQ(session->facet("something else"), nullptr);
    session.reset();
    server = FakeServer();
    open("X");
    EXPECT_EQ(told(), 0U);
    session.reset();
    server = FakeServer();
    open("IDLE NOTIFY UNSELECT");
    EXPECT_GT(told(), 1000U);
    tell(inbox, 7);
    preferences.poll_interval = std::chrono::milliseconds(1);
    server.on("EXAMINE \"INBOX\"", selected).on("NOOP", "* 3 EXISTS\r\n%T OK x\r\n");
    watch({{"INBOX"}});  // which refuses to notify
    EXPECT_EQ(told(), 1U);
}

TEST_F(Watch, refuses_a_folder_that_is_not_there)
{
    open("IDLE");
    EXPECT_THROW(watch({{"nowhere"}}), Error);
}

}  // namespace offlineimap::imap::test
