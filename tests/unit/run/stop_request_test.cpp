// SPDX-License-Identifier: Apache-2.0
#include "core/run/stop_request.hpp"

#include <gtest/gtest.h>

namespace offlineimap::core {
namespace {

TEST(StopRequest, ends_at_once_what_is_not_worth_finishing)
{
    StopRequest stop;
    stop.request_soon();
    EXPECT_TRUE(stop.soon().requested());
    EXPECT_TRUE(stop.now().requested());
}

TEST(StopRequest, waits_for_all_that_is_being_finished)
{
    StopRequest stop;
    {
        const sync::Finishing one(stop);
        {
            const sync::Finishing two(stop);
            stop.request_soon();
        }
        EXPECT_TRUE(stop.soon().requested());
        EXPECT_FALSE(stop.now().requested());
        EXPECT_THROW(stop.check(), Error);
    }
    EXPECT_TRUE(stop.now().requested());
}

TEST(StopRequest, does_not_wait_when_it_is_urgent)
{
    StopRequest stop;
    const sync::Finishing one(stop);
    stop.request_now();
    EXPECT_TRUE(stop.now().requested());
}

}  // namespace
}  // namespace offlineimap::core
