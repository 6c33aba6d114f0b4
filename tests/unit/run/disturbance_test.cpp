// SPDX-License-Identifier: Apache-2.0
#include "core/run/disturbance.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <ctime>
#include <mutex>
#include <sched.h>

namespace offlineimap::core {
namespace {

/// Counts, and lets a test wait.
class Counter {
public:
    void up()
    {
        const std::lock_guard lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    bool reaches(int count)
    {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return count_ >= count; });
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int count_ = 0;
};

TEST(Disturbance, notices_a_clock_that_is_set)
{
    Counter counter;
    const DisturbanceWatch watch([&] { counter.up(); });
    timespec now = {};
    ::clock_gettime(CLOCK_REALTIME, &now);
    if (::clock_settime(CLOCK_REALTIME, &now) != 0) GTEST_SKIP() << "may not set the clock";
    EXPECT_TRUE(counter.reaches(1));
}

TEST(Disturbance, notices_a_new_address_and_not_a_new_route_to_a_neighbour)
{
    if (::unshare(CLONE_NEWNET) != 0) GTEST_SKIP() << "may not make a network of its own";
    if (std::system("ip link set lo up 2>/dev/null") != 0) GTEST_SKIP() << "there is no ip(8)";
    Counter counter;
    const DisturbanceWatch watch([&] { counter.up(); });
    EXPECT_EQ(std::system("ip route add 192.0.2.0/24 dev lo"), 0);
    EXPECT_EQ(std::system("ip address add 198.51.100.7/32 dev lo"), 0);
    EXPECT_TRUE(counter.reaches(1));
}

TEST(Disturbance, ends_without_having_noticed_anything)
{
    const DisturbanceWatch watch([] { FAIL(); });
}

}  // namespace
}  // namespace offlineimap::core
