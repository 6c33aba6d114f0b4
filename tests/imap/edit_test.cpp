// SPDX-License-Identifier: Apache-2.0
#include "server_kit.hpp"

#include <thread>

namespace offlineimap::imap::test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

namespace {

Update change(const MessageRef& message, Set<Flag> add, Set<Flag> drop)
{
    Update update;
    update.message = message;
    update.add = add;
    update.drop = drop;
    return update;
}

std::vector<std::string> five_messages()
{
    return std::vector<std::string>(5, "a: b\r\n\r\n");
}

/// Makes a folder new under its old name: other UIDVALIDITY, same UIDs.
void replace_folder(Bench& bench, const FolderPath& path)
{
    const auto other = bench.connect();
    other->delete_folder(path);
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // UIDVALIDITY is a time
    other->create_folder(path);
}

}  // namespace

class EditTest : public ::testing::TestWithParam<std::string> { };

INSTANTIATE_TEST_SUITE_P(
    Without, EditTest, ::testing::Values("", "ESEARCH", "QRESYNC CONDSTORE", "UIDPLUS MOVE"));

TEST_P(EditTest, changes_flags_of_many_messages)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, five_messages());
    std::vector<Update> updates {
        change(ref(inbox, "1"), {Flag::seen}, {}), change(ref(inbox, "2"), {Flag::seen}, {}),
        change(ref(inbox, "3"), {Flag::flagged}, {Flag::seen})};
    updates[0].add_keywords = {"work", "home"};
    SeenResults results;
    bench.session->update(updates, results);
    EXPECT_THAT(results.succeeded, ElementsAre(0, 1, 2));
    EXPECT_THAT(
        bench.messages(inbox),
        ElementsAre(
            Pair(MessageId {"1"}, "1:\\Seen home work"), Pair(MessageId {"2"}, "2:\\Seen"),
            Pair(MessageId {"3"}, "3:\\Flagged"), Pair(MessageId {"4"}, "4:"),
            Pair(MessageId {"5"}, "5:")));
    auto back = change(ref(inbox, "1"), {}, {Flag::seen});
    back.drop_keywords = {"work"};
    SeenResults again;
    bench.session->update(std::span(&back, 1), again);
    EXPECT_EQ(bench.messages(inbox).at({"1"}), "1:home");
}

TEST_P(EditTest, says_which_messages_are_gone)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, five_messages());
    const std::vector<Update> updates {
        change(ref(inbox, "1"), {Flag::seen}, {}), change(ref(inbox, "9"), {Flag::seen}, {})};
    SeenResults results;
    bench.session->update(updates, results);
    EXPECT_THAT(results.succeeded, ElementsAre(0));
    ASSERT_THAT(results.failures, SizeIs(1));
    EXPECT_EQ(results.failures.at(1).code(), Errc::not_found);
    EXPECT_EQ(results.failures.at(1).scope(), Scope::message);
}

TEST_P(EditTest, removes_exactly_what_is_meant)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, five_messages());
    const std::vector<MessageRef> refs {ref(inbox, "2"), ref(inbox, "4"), ref(inbox, "77")};
    SeenResults results;
    bench.session->remove(refs, results);
    EXPECT_THAT(results.succeeded, SizeIs(3));
    EXPECT_THAT(
        bench.messages(inbox),
        ElementsAre(
            Pair(MessageId {"1"}, "1:"), Pair(MessageId {"3"}, "3:"), Pair(MessageId {"5"}, "5:")));
}

TEST_P(EditTest, never_takes_along_what_others_marked)
{
    Bench bench(GetParam());
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, five_messages());
    const auto mark = change(ref(inbox, "1"), {Flag::deleted}, {});
    SeenResults marked, removed;
    bench.session->update(std::span(&mark, 1), marked);
    const auto message = ref(inbox, "2");
    bench.session->remove(std::span(&message, 1), removed);
    EXPECT_THAT(removed.succeeded, SizeIs(1));
    const auto left = bench.messages(inbox);
    EXPECT_EQ(left.at({"1"}), "1:\\Deleted");
    if (GetParam().find("UIDPLUS") == std::string::npos) {
        EXPECT_FALSE(left.contains({"2"}));
    } else {
        EXPECT_EQ(left.at({"2"}), "2:\\Deleted");
        EXPECT_THAT(bench.host.whole_log(), HasSubstr("left as they are"));
    }
}

TEST_P(EditTest, touches_nothing_of_another_epoch)
{
    Bench bench(GetParam());
    const auto made = bench.session->create_folder({"a"});
    const auto inbox = bench.folder("INBOX").index;
    bench.append(made.index, five_messages());
    bench.append(inbox, five_messages());
    replace_folder(bench, {"a"});
    // create_folder() told the new epoch to the core; the old one is what these ids belong to.
    bench.table.set_epoch(made.index, made.epoch);
    bench.append(made.index, five_messages());
    SeenResults updated, removed;
    const std::vector<Update> updates {
        change(ref(made.index, "1"), {Flag::seen}, {}), change(ref(inbox, "1"), {Flag::seen}, {})};
    bench.session->update(updates, updated);
    EXPECT_EQ(updated.failures.at(0).code(), Errc::epoch_changed);
    EXPECT_THAT(updated.succeeded, ElementsAre(1));
    const std::vector<MessageRef> refs {ref(made.index, "1"), ref(inbox, "1")};
    bench.session->remove(refs, removed);
    EXPECT_EQ(removed.failures.at(0).code(), Errc::epoch_changed);
    EXPECT_THAT(removed.succeeded, ElementsAre(1));
    EXPECT_THAT(bench.messages(inbox), SizeIs(4));
    const auto untouched = bench.messages(made.index);
    EXPECT_THAT(untouched, SizeIs(5));
    EXPECT_EQ(untouched.at({"1"}), "1:");
}

TEST_P(EditTest, only_marks_with_expunge_off)
{
    Bench bench(GetParam());
    bench.preferences.expunge = Expunge::no;
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, five_messages());
    const auto message = ref(inbox, "2");
    SeenResults results;
    bench.session->remove(std::span(&message, 1), results);
    EXPECT_EQ(bench.messages(inbox).at({"2"}), "2:\\Deleted");
}

TEST(Edit, of_n_folders_takes_n_and_one_turns)
{
    Bench bench;
    std::vector<Update> updates;
    for (int i = 0; i < 10; ++i) {
        const auto folder = bench.session->create_folder({"f" + std::to_string(i)});
        bench.append(folder.index, five_messages());
        for (int k = 1; k <= 5; ++k)
            updates.push_back(change(
                ref(folder.index, std::to_string(k)), {k % 2 ? Flag::seen : Flag::flagged}, {}));
    }
    (void)bench.session->folders();
    bench.turns.count = 0;
    SeenResults results;
    bench.session->update(updates, results);
    EXPECT_THAT(results.succeeded, SizeIs(50)) << results.failures.begin()->second.what();
    EXPECT_LE(bench.turns.count, 11U);
}

TEST(Move, tells_the_new_ids)
{
    Bench bench;
    const auto inbox = bench.folder("INBOX").index;
    const auto made = bench.session->create_folder({"a"});
    bench.append(inbox, {"n: 1\r\n\r\n", "n: 2\r\n\r\n", "n: 3\r\n\r\n"});
    bench.append(made.index, {"n: 0\r\n\r\n"});
    const std::vector<Move> moves {
        {ref(inbox, "3"), made.index, {}},
        {ref(inbox, "1"), made.index, {}},
        {ref(inbox, "9"), made.index, {}}};
    SeenStores stores;
    bench.session->move(moves, stores);
    ASSERT_THAT(stores.ids, SizeIs(2));
    EXPECT_THAT(bench.messages(inbox), SizeIs(1));
    EXPECT_EQ(stores.failures.at(2).code(), Errc::not_found);
    SeenTexts seen;
    bench.session->fetch(
        std::vector {ref(made.index, stores.ids[0]), ref(made.index, stores.ids[1])}, Part::whole,
        seen);
    EXPECT_EQ(seen.texts[0].text, "n: 3\r\n\r\n");
    EXPECT_EQ(seen.texts[1].text, "n: 1\r\n\r\n");
}

TEST(Move, to_a_folder_that_is_gone_leaves_the_message)
{
    Bench bench;
    const auto inbox = bench.folder("INBOX").index;
    const auto made = bench.session->create_folder({"a"});
    bench.append(inbox, {"n: 1\r\n\r\n"});
    bench.connect()->delete_folder({"a"});
    const Move move {ref(inbox, "1"), made.index, {}};
    SeenStores stores;
    bench.session->move(std::span(&move, 1), stores);
    ASSERT_THAT(stores.failures, SizeIs(1));
    EXPECT_EQ(stores.failures.at(0).code(), Errc::not_found) << stores.failures.at(0).what();
    EXPECT_THAT(bench.messages(inbox), SizeIs(1));
}

}  // namespace offlineimap::imap::test
