// SPDX-License-Identifier: Apache-2.0
#include "core/run/wake_up.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace offlineimap::core {
namespace {

using namespace std::chrono_literals;
using sync::Side;

struct WakeUpTest : testing::Test {
    News sleep(const std::string& account, std::chrono::milliseconds time = 20s)
    {
        return wake_up.sleep(account, WakeUp::Clock::now() + time, 1ms);
    }
    WakeUp wake_up;
};

TEST_F(WakeUpTest, tells_nothing_when_the_time_is_up)
{
    EXPECT_FALSE(sleep("a", 1ms).any());
}

TEST_F(WakeUpTest, ends_the_sleep_of_every_account_once)
{
    wake_up.sync_now();
    EXPECT_TRUE(sleep("a").asked);
    EXPECT_TRUE(sleep("b").asked);
    EXPECT_FALSE(sleep("a", 1ms).any());
}

TEST_F(WakeUpTest, ends_the_sleep_of_one_account)
{
    wake_up.sync_now("b");
    EXPECT_FALSE(sleep("a", 1ms).any());
    EXPECT_TRUE(sleep("b").asked);
}

TEST_F(WakeUpTest, puts_touches_together)
{
    wake_up.touch("a", Side::left, {"x"});
    wake_up.touch("a", Side::right, {"y"});
    wake_up.touch("a", Side::left, {"x"});
    const auto news = sleep("a");
    EXPECT_THAT(news.touched.left, testing::ElementsAre(FolderPath {"x"}));
    EXPECT_THAT(news.touched.right, testing::ElementsAre(FolderPath {"y"}));
    EXPECT_FALSE(news.somewhere);
    EXPECT_FALSE(sleep("a", 1ms).any());
}

TEST_F(WakeUpTest, gathers_touches_that_follow_the_first)
{
    std::thread toucher([&] {
        for (const char* folder : {"x", "y", "z"})
            wake_up.touch("a", Side::left, {folder});
    });
    std::set<FolderPath> all;
    const auto end = WakeUp::Clock::now() + 20s;
    while (all.size() < 3 && WakeUp::Clock::now() < end)
        all.merge(wake_up.sleep("a", end, 50ms).touched.left);
    toucher.join();
    EXPECT_EQ(all.size(), 3U);
}

TEST_F(WakeUpTest, waits_less_for_more_of_a_single_push)
{
    wake_up.touch("a", Side::right, {"x"});
    const auto begin = WakeUp::Clock::now();
    const auto news = wake_up.sleep("a", begin + 1h, 1500ms);
    EXPECT_THAT(news.touched.right, testing::SizeIs(1));
    EXPECT_LT(WakeUp::Clock::now() - begin, 1400ms);
}

TEST_F(WakeUpTest, waits_the_whole_time_once_there_is_more)
{
    const auto time_for = [&](Side side, const char* folder) {
        wake_up.touch("a", Side::right, {"x"});
        const auto begin = WakeUp::Clock::now();
        std::jthread toucher([&] { wake_up.touch("a", side, {folder}); });
        EXPECT_TRUE(wake_up.sleep("a", begin + 1h, 300ms).any());
        return WakeUp::Clock::now() - begin;
    };
    EXPECT_GE(time_for(Side::right, "y"), 300ms);
    EXPECT_GE(time_for(Side::left, "x"), 300ms);
}

TEST_F(WakeUpTest, does_not_make_the_user_wait_for_touches)
{
    wake_up.touch("a", Side::left, {"x"});
    wake_up.sync_now();
    const auto news = wake_up.sleep("a", WakeUp::Clock::now() + 1h, 1h);
    EXPECT_TRUE(news.asked);
    EXPECT_TRUE(news.has_touches());
}

TEST_F(WakeUpTest, lets_every_account_leave_for_good)
{
    wake_up.leave();
    EXPECT_TRUE(sleep("a").leave);
    EXPECT_TRUE(sleep("a").leave);
    EXPECT_TRUE(wake_up.is_leaving());
}

TEST_F(WakeUpTest, tells_of_a_disturbance_only_those_who_had_connections)
{
    EXPECT_FALSE(sleep("a", 1ms).any());
    wake_up.disturb();
    EXPECT_TRUE(sleep("a").disturbed);
    EXPECT_FALSE(sleep("b", 1ms).any());
}

}  // namespace
}  // namespace offlineimap::core
