// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include "status-sqlite/store.hpp"

#include <csignal>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace offlineimap::status_sqlite::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

using Concurrency = StoreTest;

/// A process that has the folder open until it is killed.
class Holder {
public:
    explicit Holder(Host& host)
    {
        int ends[2];
        if (::pipe(ends) != 0) ADD_FAILURE() << "pipe";
        child_ = ::fork();
        if (child_ == 0) {
            SqliteStore store(host);
            const auto folder = store.open("INBOX");
            if (::write(ends[1], "x", 1) != 1) ::_exit(1);
            for (;;)
                ::pause();
        }
        char ready = 0;
        EXPECT_EQ(::read(ends[0], &ready, 1), 1);
        ::close(ends[0]);
        ::close(ends[1]);
    }
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
    ~Holder()
    {
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }

private:
    pid_t child_ = 0;
};

TEST_F(Concurrency, a_folder_that_another_process_has_open_is_busy)
{
    {
        const Holder holder(host);
        SqliteStore store(host);
        const Error error = error_of([&] { store.open("INBOX"); });
        EXPECT_EQ(error.code(), Errc::busy);
        EXPECT_THAT(error.what(), HasSubstr("another process"));
        EXPECT_EQ(error_of([&] { store.erase("INBOX"); }).code(), Errc::busy);
        EXPECT_TRUE(std::filesystem::exists(file("INBOX")));
    }
    SqliteStore store(host);
    EXPECT_EQ(store.open("INBOX")->size(), 0u);
}

TEST_F(Concurrency, one_folder_is_opened_once_at_a_time)
{
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    EXPECT_EQ(error_of([&] { store.open("INBOX"); }).code(), Errc::busy);
    put(*folder, {make_record("1")});
    folder.reset();
    EXPECT_THAT(all(*store.open("INBOX")), SizeIs(1));
}

TEST_F(Concurrency, folders_and_notes_may_be_used_by_several_threads)
{
    SqliteStore store(host);
    const auto work = [&store](int number) {
        const std::string name = "folder" + std::to_string(number);
        auto folder = store.open(name);
        for (int round = 1; round <= 20; ++round) {
            put(*folder, {make_record(std::to_string(round))});
            store.put(std::vector<Note> {{name, "token", std::to_string(round)}});
            if (store.notes().empty()) throw Error(Errc::internal, "notes are gone");
        }
    };
    {
        std::vector<std::jthread> threads;
        for (int number = 0; number < 4; ++number)
            threads.emplace_back(work, number);
    }
    EXPECT_THAT(store.notes(), SizeIs(4));
    EXPECT_THAT(store.folders(), SizeIs(4));
    EXPECT_EQ(store.open("folder3")->size(), 20u);
}

}  // namespace
}  // namespace offlineimap::status_sqlite::test
