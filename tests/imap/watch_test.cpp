// SPDX-License-Identifier: Apache-2.0
#include "../unit/repo-imap/watch_kit.hpp"
#include "server_kit.hpp"

#include <thread>

namespace offlineimap::imap::test {

using ::testing::Contains;
using ::testing::IsEmpty;

class WatchTest : public ::testing::TestWithParam<std::string> {
protected:
    /// Another client does something while INBOX and `a` are watched; returns what was told.
    template <class Deed> std::vector<std::string> watch_while(Bench& bench, const Deed& deed)
    {
        const std::vector<FolderPath> paths {{"INBOX"}, {"a"}};
        Stop stop;
        Touched touched(stop);
        std::thread other([&] {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            deed();
        });
        bench.session->watch(paths, touched, stop);
        other.join();
        return touched.folders;
    }
};

INSTANTIATE_TEST_SUITE_P(
    Without, WatchTest, ::testing::Values("", "NOTIFY", "NOTIFY IDLE", "NOTIFY CONDSTORE QRESYNC"));

TEST_P(WatchTest, tells_of_a_new_message_of_flags_and_of_what_is_gone)
{
    Bench bench(GetParam());
    bench.preferences.poll_interval = std::chrono::milliseconds(100);
    const auto a = bench.session->create_folder({"a"}).index;
    const auto inbox = bench.folder("INBOX").index;
    bench.append(inbox, {"a: b\r\n\r\n"});
    bench.append(a, {"a: b\r\n\r\n"});
    bench.changes(inbox);
    bench.changes(a);
    const auto other = bench.connect();
    SeenResults marked, removed;
    const std::vector<Update> flags {{ref(inbox, "1"), {Flag::flagged}, {}, {}, {}, {}, {}}};
    const std::vector<MessageRef> gone {ref(a, "1")};
    if (GetParam() != "NOTIFY IDLE") {  // STATUS tells nothing of flags, or too little
        EXPECT_THAT(watch_while(bench, [&] { other->update(flags, marked); }), Contains("INBOX"));
        bench.changes(inbox);
    }
    EXPECT_THAT(watch_while(bench, [&] { other->remove(gone, removed); }), Contains("a"));
    bench.changes(a);
    EXPECT_THAT(marked.failures, IsEmpty());
    EXPECT_THAT(removed.failures, IsEmpty());
    // What happened in between is not missed.
    SeenStores stores;
    const auto appender = other->append(stores);
    const std::string text = "a: b\r\n\r\n";
    appender->begin(0, inbox, {}, text.size());
    appender->write(std::as_bytes(std::span(text)));
    appender->end();
    appender->finish();
    EXPECT_THAT(watch_while(bench, [] {}), Contains("INBOX"));
    EXPECT_EQ(bench.messages(inbox).size(), 2U);  // the session goes on
}

/// By STATUS alone: the message is marked until that has been noticed.
TEST(WatchTest, tells_of_a_message_that_was_read_elsewhere)
{
    Bench bench("NOTIFY CONDSTORE QRESYNC");
    bench.preferences.poll_interval = std::chrono::milliseconds(50);
    (void)bench.folder("INBOX");
    const auto a = bench.session->create_folder({"a"}).index;
    bench.append(a, {"a: b\r\n\r\n"});
    bench.changes(a);
    const auto other = bench.connect();
    const std::vector<FolderPath> paths {{"INBOX"}, {"a"}};
    Stop stop;
    Touched touched(stop);
    std::thread reader([&] {
        for (bool read = true; !stop.requested(); read = !read) {
            const Set<Flag> seen {Flag::seen}, none;
            const Update update {ref(a, "1"), read ? seen : none, read ? none : seen, {}, {}, {},
                                 {}};
            SeenResults results;
            other->update(std::span(&update, 1), results);
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        }
    });
    bench.session->watch(paths, touched, stop);
    reader.join();
    EXPECT_THAT(touched.folders, Contains("a"));
}

}  // namespace offlineimap::imap::test
