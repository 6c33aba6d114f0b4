// SPDX-License-Identifier: Apache-2.0
#include "server_kit.hpp"

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

namespace {

/// What is there after the changes, as the core would work it out.
std::map<MessageId, std::string>
merged(std::map<MessageId, std::string> before, const SeenFolder& seen)
{
    if (seen.coverage == Coverage::snapshot) return seen.changed;
    if (seen.coverage == Coverage::delta_listed)
        std::erase_if(before, [&seen](const auto& m) { return !seen.present.contains(m.first); });
    for (const auto& id : seen.vanished)
        before.erase(id);
    for (const auto& [id, text] : seen.changed)
        before[id] = text;
    return before;
}

void set_flags(Bench& bench, FolderIndex folder, const std::string& id, Set<Flag> flags)
{
    Update update;
    update.message = ref(folder, id);
    update.add = flags;
    SeenResults results;
    bench.session->update(std::span(&update, 1), results);
    ASSERT_THAT(results.succeeded, SizeIs(1)) << results.failures.begin()->second.what();
}

void remove(Bench& bench, FolderIndex folder, const std::string& id)
{
    const auto message = ref(folder, id);
    SeenResults results;
    bench.session->remove(std::span(&message, 1), results);
    ASSERT_THAT(results.succeeded, ::testing::SizeIs(1));
}

}  // namespace

class ChangesTest : public ::testing::TestWithParam<std::string> { };

INSTANTIATE_TEST_SUITE_P(
    Without, ChangesTest,
    ::testing::Values("", "QRESYNC", "QRESYNC ESEARCH", "QRESYNC CONDSTORE ENABLE", "UIDPLUS"));

TEST_P(ChangesTest, reports_everything_at_first)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, {"a: b\r\n\r\nx", "a: c\r\n\r\ny"});
    const auto seen = bench.changes(inbox);
    EXPECT_EQ(seen.coverage, Coverage::snapshot);
    EXPECT_THAT(
        seen.changed, ElementsAre(Pair(MessageId {"1"}, "1:"), Pair(MessageId {"2"}, "2:")));
    EXPECT_TRUE(seen.state.writable);
    EXPECT_TRUE(seen.state.any_keyword);
    EXPECT_TRUE(seen.state.storable_flags.has(Flag::seen));
    EXPECT_EQ(seen.state.next_id, "3");
}

TEST_P(ChangesTest, ends_with_the_token_that_listing_shows)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, {"a: b\r\n\r\nx", "a: c\r\n\r\ny"});
    set_flags(bench, inbox, "1", {Flag::seen});
    const auto seen = bench.changes(inbox);
    EXPECT_EQ(seen.token, bench.folder("INBOX").token);
    bench.reconnect();
    EXPECT_EQ(seen.token, bench.folder("INBOX").token);
}

TEST_P(ChangesTest, reports_the_difference_afterwards)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, {"a: 1\r\n\r\n", "a: 2\r\n\r\n", "a: 3\r\n\r\n", "a: 4\r\n\r\n"});
    const auto before = bench.changes(inbox);
    set_flags(bench, inbox, "2", {Flag::flagged, Flag::seen});
    remove(bench, inbox, "1");
    remove(bench, inbox, "4");  // the highest: beyond what * is now
    bench.append(inbox, {"a: 5\r\n\r\n"});
    const auto after = bench.changes(inbox, before.state.epoch, *before.token);
    EXPECT_THAT(
        merged(before.changed, after),
        ElementsAre(
            Pair(MessageId {"2"}, "2:\\Seen \\Flagged"), Pair(MessageId {"3"}, "3:"),
            Pair(MessageId {"5"}, "5:")));
    EXPECT_EQ(after.changed.contains({"3"}), after.coverage == Coverage::snapshot);
    const auto nothing = bench.changes(inbox, after.state.epoch, *after.token);
    EXPECT_EQ(nothing.token, after.token);
    EXPECT_EQ(nothing.changed.empty(), nothing.coverage != Coverage::snapshot);
    EXPECT_THAT(nothing.vanished, ::testing::Not(::testing::Contains(MessageId {"3"})));
}

TEST_P(ChangesTest, reports_that_the_highest_message_is_gone)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, {"a: 1\r\n\r\n", "a: 2\r\n\r\n"});
    const auto before = bench.changes(inbox);
    remove(bench, inbox, "2");
    const auto after = bench.changes(inbox, before.state.epoch, *before.token);
    EXPECT_THAT(merged(before.changed, after), ElementsAre(Pair(MessageId {"1"}, "1:")));
    remove(bench, inbox, "1");
    const auto last = bench.changes(inbox, after.state.epoch, *after.token);
    EXPECT_THAT(merged({{{"1"}, ""}}, last), IsEmpty());
}

/// Made anew, it numbers changes from one again.
TEST_P(ChangesTest, reports_the_difference_where_the_server_lost_its_index)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, {"a: 1\r\n\r\n", "a: 2\r\n\r\n"});
    for (const auto flag : {Flag::seen, Flag::draft, Flag::answered})
        set_flags(bench, inbox, "1", {flag});
    const auto before = bench.changes(inbox);
    bench.session.reset();
    for (const auto& file : std::filesystem::directory_iterator(bench.dovecot.mail()))
        if (file.path().filename().string().starts_with("dovecot.index"))
            std::filesystem::remove(file.path());
    bench.reconnect();
    set_flags(bench, inbox, "2", {Flag::flagged});
    const auto after = bench.changes(inbox, before.state.epoch, *before.token);
    EXPECT_FALSE(after.failure);
    EXPECT_EQ(merged(before.changed, after).at({"2"}), "2:\\Flagged");
}

TEST_P(ChangesTest, lists_all_when_the_epoch_is_another)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, {"a: 1\r\n\r\n"});
    const auto seen = bench.changes(inbox, "12345", "12345:2:1:1");
    EXPECT_EQ(seen.coverage, Coverage::snapshot);
    EXPECT_EQ(seen.begins, 1);
    EXPECT_THAT(seen.changed, ::testing::SizeIs(1));
    EXPECT_NE(seen.state.epoch, "12345");
}

TEST_P(ChangesTest, keeps_a_refused_folder_from_the_others)
{
    Bench bench(GetParam());
    std::vector<ChangeRequest> requests;
    for (const auto* name : {"a", "b", "c"}) {
        const auto folder = bench.session->create_folder({name});
        bench.append(folder.index, {std::string("a: ") + name + "\r\n\r\n"});
        requests.push_back({folder.index, folder.epoch, folder.token, {}});
    }
    bench.connect()->delete_folder({"b"});
    SeenChanges seen;
    bench.session->changes(requests, seen);
    EXPECT_THAT(seen.folders[requests[0].folder].changed, ::testing::SizeIs(1));
    EXPECT_THAT(seen.folders[requests[2].folder].changed, ::testing::SizeIs(1));
    const auto& gone = seen.folders[requests[1].folder];
    ASSERT_TRUE(gone.failure);
    EXPECT_EQ(gone.failure->scope(), Scope::folder);
    EXPECT_THAT(gone.changed, IsEmpty());
}

TEST_P(ChangesTest, keeps_to_the_window)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, {"a: 1\r\n\r\n", "a: 2\r\n\r\n" + std::string(5000, 'x'), "a: 3\r\n\r\n"});
    const auto with = [&bench, inbox](const Window& window) {
        ChangeRequest request {inbox, {}, {}, window};
        SeenChanges seen;
        bench.session->changes(std::span(&request, 1), seen);
        std::vector<std::string> ids;
        for (const auto& [id, text] : seen.folders[inbox].changed)
            ids.push_back(id.value);
        EXPECT_TRUE(seen.folders[inbox].token);
        return ids;
    };
    Window window;
    window.smaller_than = 1000;
    EXPECT_THAT(with(window), ElementsAre("1", "3"));
    window.from_id = "2";
    EXPECT_THAT(with(window), ElementsAre("3"));
    window.smaller_than.reset();
    EXPECT_THAT(with(window), ElementsAre("2", "3"));
    window.from_id = "7";
    EXPECT_THAT(with(window), IsEmpty());
    window = {};
    window.received_since = std::chrono::sys_days {std::chrono::year {2100} / 1 / 1};
    EXPECT_THAT(with(window), IsEmpty());
    window.received_since = std::chrono::sys_days {std::chrono::year {2000} / 1 / 1};
    EXPECT_THAT(with(window), ElementsAre("1", "2", "3"));
}

TEST(Changes, of_many_folders_take_one_turn)
{
    Bench bench;
    std::vector<ChangeRequest> requests;
    for (int i = 0; i < 50; ++i) {
        const auto folder = bench.session->create_folder({"f" + std::to_string(i)});
        bench.append(folder.index, {"a: b\r\n\r\n"});
        requests.push_back({folder.index, folder.epoch, i % 2 ? folder.token : "", {}});
    }
    bench.reconnect();
    (void)bench.session->folders();
    bench.turns.count = 0;
    SeenChanges seen;
    bench.session->changes(requests, seen);
    EXPECT_LE(bench.turns.count, 2U);
    for (const auto& [index, folder] : seen.folders)
        EXPECT_THAT(folder.changed, ::testing::SizeIs(1));
    EXPECT_THAT(seen.folders, ::testing::SizeIs(50));
}

}  // namespace offlineimap::imap::test
