// SPDX-License-Identifier: Apache-2.0
#include "session/pace.hpp"

#include <offlineimap/error.hpp>

#include <gtest/gtest.h>
#include <thread>

namespace offlineimap::imap::test {

using namespace std::chrono_literals;

TEST(Pace, gives_up_on_a_server_that_only_chats)
{
    Pace pace(1ms);
    EXPECT_NO_THROW(pace.check("server"));
    std::this_thread::sleep_for(11ms);
    try {
        pace.check("server");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::timeout);
        EXPECT_EQ(error.retry(), Retry::later);
    }
}

TEST(Pace, is_patient_while_something_comes)
{
    Pace pace(1ms);
    for (int i = 0; i < 3; ++i) {
        pace.moved(20'000);
        std::this_thread::sleep_for(11ms);
        EXPECT_NO_THROW(pace.check("server"));
    }
    pace.restart();
    EXPECT_NO_THROW(pace.check("server"));
}

TEST(Pace, gives_up_on_an_answer_without_an_end)
{
    Pace pace(1h);
    for (int i = 0; i <= 50'000'000; ++i)
        pace.taken();
    EXPECT_THROW(pace.check("server"), Error);
}

}  // namespace offlineimap::imap::test
