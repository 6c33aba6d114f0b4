// SPDX-License-Identifier: Apache-2.0
#include "core/sync/sessions.hpp"
#include "two_sides.hpp"

#include <atomic>
#include <gmock/gmock.h>
#include <mutex>
#include <thread>

// A server that lets in fewer sessions than are set, or none for a while.

namespace offlineimap::test {
namespace {

using namespace std::chrono_literals;
using sync::SessionPool;

/// Lets in so many at a time; the first ones not at all.
class Narrow final : public Repository {
public:
    explicit Narrow(Repository& inner) : inner_(inner) { }
    std::unique_ptr<Session> connect(const Cancel& cancel) override
    {
        const std::scoped_lock lock(mutex_);
        ++asked;
        if (refuses > 0 && refuses-- > 0) throw why;
        if (room == 0) throw why;
        --room;
        return inner_.connect(cancel);
    }

    unsigned room = 100, asked = 0, refuses = 0;
    Error why {Errc::unavailable, Scope::repository, Retry::later, "too many connections"};

private:
    Repository& inner_;
    std::mutex mutex_;
};

struct Sessions : testing::Test {
    TwoSides two;
    std::unique_ptr<Repository> store = make_repository(two.right);
    Narrow narrow {*store};
    SessionPool pool {narrow, two.never, 4, 0ms};
};

TEST_F(Sessions, fewer_must_do_where_the_server_takes_no_more)
{
    narrow.room = 2;
    std::vector<unsigned> told;
    pool.on_refused([&](const Error&, unsigned sessions) { told.push_back(sessions); });
    auto first = std::make_unique<SessionPool::Lease>(pool.take());
    const auto second = pool.take();
    std::jthread third([&] { const auto lease = pool.take(); });
    while (pool.limit() == 4)
        std::this_thread::yield();
    first.reset();
    third.join();
    EXPECT_EQ(pool.limit(), 2U);
    EXPECT_EQ(narrow.asked, 3U);
    EXPECT_THAT(told, testing::ElementsAre(2U));
}

TEST_F(Sessions, all_are_asked_for_again_after_a_close)
{
    narrow.room = 1;
    {
        auto first = std::make_unique<SessionPool::Lease>(pool.take());
        std::jthread second([&] { const auto lease = pool.take(); });
        while (pool.limit() == 4)
            std::this_thread::yield();
        first.reset();
    }
    EXPECT_EQ(pool.limit(), 1U);
    pool.close();
    EXPECT_EQ(pool.limit(), 4U);
}

TEST_F(Sessions, what_may_not_be_tried_again_is_not_although_something_was_done)
{
    int begun = 0;
    const auto work = [&](Session&) {
        ++begun;
        throw Error(Errc::io, Scope::session, Retry::later, "no more files");
    };
    EXPECT_THROW(sync::with_session(pool, work, [&] { return begun == 1; }), Error);
    EXPECT_EQ(begun, 1);
}

TEST_F(Sessions, a_server_that_says_not_now_is_asked_again)
{
    narrow.refuses = 3;
    EXPECT_NO_THROW(pool.take());
    EXPECT_EQ(narrow.asked, 4U);
}

TEST_F(Sessions, but_not_for_ever)
{
    narrow.refuses = 100;
    EXPECT_THROW(pool.take(), Error);
    EXPECT_EQ(narrow.asked, 4U);
}

TEST_F(Sessions, a_refused_password_is_not_tried_again)
{
    narrow.refuses = 1;
    narrow.why = Error(Errc::auth, "no");
    EXPECT_THROW(pool.take(), Error);
    EXPECT_EQ(narrow.asked, 1U);
}

TEST_F(Sessions, work_goes_on_after_the_server_wanted_to_be_left_alone)
{
    int times = 0;
    with_session(
        pool,
        [&](Session&) {
            if (++times < 3) throw narrow.why;
        },
        [] { return false; });
    EXPECT_EQ(times, 3);
    EXPECT_EQ(narrow.asked, 3U);
}

TEST_F(Sessions, a_folder_that_is_not_available_costs_no_session)
{
    int times = 0;
    const auto work = [&](Session&) {
        ++times;
        throw Error(Errc::unavailable, Scope::folder, Retry::later, "this folder");
    };
    EXPECT_THROW(with_session(pool, work, [] { return false; }), Error);
    EXPECT_EQ(times, 1);
}

TEST_F(Sessions, a_folder_that_asks_for_patience_is_asked_again_with_the_same_session)
{
    int times = 0;
    const auto work = [&](Session&) {
        if (++times < 3)
            throw Error(Errc::busy, Scope::folder, Retry::reconnect, "somebody has it open");
    };
    EXPECT_NO_THROW(with_session(pool, work, [] { return false; }));
    EXPECT_EQ(times, 3);
    EXPECT_EQ(narrow.asked, 1U);
}

TEST_F(Sessions, that_are_idle_make_room_where_patience_is_asked_for)
{
    {
        const auto first = pool.take();
        const auto second = pool.take();
    }
    int times = 0;
    const auto work = [&](Session&) {
        if (++times == 1)
            throw Error(Errc::unavailable, Scope::folder, Retry::reconnect, "too many of you");
    };
    with_session(pool, work, [] { return false; });
    EXPECT_EQ(pool.limit(), 1U);
    EXPECT_EQ(narrow.asked, 2U);
}

TEST_F(Sessions, a_limit_is_asked_about_once_more)
{
    int times = 0;
    const auto work = [&](Session&) {
        ++times;
        throw Error(Errc::quota, Scope::folder, Retry::reconnect, "too many flags");
    };
    EXPECT_THROW(with_session(pool, work, [] { return false; }), Error);
    EXPECT_EQ(times, 2);
}

/// A folder that stays locked is asked for in many ways; not each of them is worth the whole wait.
TEST_F(Sessions, patience_that_was_in_vain_is_short_until_it_helps_again)
{
    int times = 0, refusals = 100;
    const auto work = [&](Session&) {
        ++times;
        if (refusals-- > 0) throw Error(Errc::busy, Scope::folder, Retry::reconnect, "locked");
    };
    const auto ask = [&] { with_session(pool, work, [] { return false; }); };
    EXPECT_THROW(ask(), Error);
    EXPECT_EQ(std::exchange(times, 0), 4);
    EXPECT_THROW(ask(), Error);
    EXPECT_EQ(std::exchange(times, 0), 2);
    refusals = 1;
    EXPECT_NO_THROW(ask());
    EXPECT_EQ(std::exchange(times, 0), 2);
    refusals = 3;
    EXPECT_NO_THROW(ask());
    EXPECT_EQ(times, 4);
}

TEST_F(Sessions, whoever_holds_nothing_waits_as_long_as_it_takes)
{
    SessionPool one(narrow, two.never, 1, 0ms);
    auto first = std::make_unique<SessionPool::Lease>(one.take());
    std::atomic<bool> taken = false;
    std::jthread second([&] {
        const auto lease = one.take();
        taken = true;
    });
    std::jthread third([&] { const auto lease = one.take_besides(pool); });
    std::this_thread::sleep_for(300ms);  // longer than two that wait for each other have
    EXPECT_FALSE(taken);
    first.reset();
    second.join();
    EXPECT_TRUE(taken);
}

TEST_F(Sessions, of_two_that_wait_for_each_other_one_gives_in)
{
    SessionPool left(narrow, two.never, 1, 0ms), right(narrow, two.never, 1, 0ms);
    std::atomic<int> holding = 0, done = 0, gave_in = 0;
    const auto both = [&](SessionPool& mine, SessionPool& other) {
        {
            const auto held = mine.take();
            ++holding;
            while (holding < 2)
                std::this_thread::yield();
            try {
                const auto lease = other.take_besides(mine);
                ++done;
                return;
            } catch (const Error& error) {
                EXPECT_EQ(error.retry(), Retry::reconnect);
                ++gave_in;
            }
        }
        while (done == 0)
            std::this_thread::yield();
        const auto again = mine.take();
        const auto lease = other.take_besides(mine);
        ++done;
    };
    std::jthread one([&] { both(left, right); });
    both(right, left);
    one.join();
    EXPECT_EQ(gave_in, 1);
    EXPECT_EQ(done, 2);
}

}  // namespace
}  // namespace offlineimap::test
