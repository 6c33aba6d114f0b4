// SPDX-License-Identifier: Apache-2.0
#include "scripted_session.hpp"

namespace offlineimap::imap::test {

using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace {

class Limits : public ScriptedSession { };

}  // namespace

TEST_F(Limits, the_highest_numbers_there_can_be_are_kept)
{
    open("ENABLE CONDSTORE QRESYNC");
    table.set_epoch(inbox, "4294967295");
    const auto opened = "* 1 EXISTS\r\n* OK [UIDVALIDITY 4294967295]\r\n"
                        "* OK [UIDNEXT 4294967295]\r\n"
                        "* OK [HIGHESTMODSEQ 9223372036854775807]\r\n%T OK [READ-WRITE] x\r\n";
    server.on("ENABLE QRESYNC", "* ENABLED QRESYNC\r\n%T OK x\r\n")
        .on("SELECT \"INBOX\"", opened)
        .on("UID FETCH 1:* (UID FLAGS)",
            "* 1 FETCH (UID 4294967294 FLAGS () MODSEQ (9223372036854775807))\r\n%T OK x\r\n")
        .on("UID FETCH 1:4294967295 (UID FLAGS) (CHANGEDSINCE 9223372036854775807 VANISHED)",
            "%T OK x\r\n");
    const auto first = changes();
    EXPECT_EQ(first.token, "4294967295:4294967295:9223372036854775807:1");
    EXPECT_EQ(first.state.next_id, "4294967295");
    EXPECT_TRUE(first.changed.contains({"4294967294"}));
    const ChangeRequest request {inbox, "4294967295", *first.token, {}};
    SeenChanges seen;
    session->changes(std::span(&request, 1), seen);
    EXPECT_EQ(seen.folders[inbox].coverage, Coverage::delta);
    EXPECT_THAT(seen.folders[inbox].changed, IsEmpty());
}

TEST_F(Limits, every_second_of_4096_messages_goes_in_commands_below_8_kilobytes)
{
    open("UIDPLUS ESEARCH");
    std::vector<Update> updates;
    std::vector<Uid> uids;
    for (Uid i = 0; i < 4096; i += 2) {
        const auto uid = 4'000'000'000U + i;
        uids.push_back(uid);
        updates.push_back({{inbox, {std::to_string(uid)}}, {Flag::seen}, {}, {}, {}, {}, {}});
    }
    server.on("SELECT \"INBOX\"", selected);
    for (const auto& piece : UidSet(uids).split(max_set_text))
        server.on("UID STORE " + piece.text() + " +FLAGS.SILENT (\\Seen)", "%T OK x\r\n")
            .on("UID SEARCH RETURN (ALL) UID " + piece.text(),
                "* ESEARCH (TAG \"%T\") UID ALL " + piece.text() + "\r\n%T OK x\r\n");
    SeenResults results;
    session->update(updates, results);
    EXPECT_THAT(results.succeeded, SizeIs(2048));
    EXPECT_THAT(results.failures, IsEmpty());
    for (const auto& line : server.heard)
        EXPECT_LT(line.size(), 8000U);
}

}  // namespace offlineimap::imap::test
