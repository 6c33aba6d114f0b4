// SPDX-License-Identifier: Apache-2.0
#include "core/host/cancel.hpp"

#include <gtest/gtest.h>

#include <thread>

#include <poll.h>

namespace offlineimap::core {
namespace {

constexpr int for_ever = -1;

bool is_readable(const Cancel& cancel, int patience)
{
    pollfd entry {cancel.fd(), POLLIN, 0};
    return ::poll(&entry, 1, patience) == 1;
}

TEST(CancelSource, is_quiet_until_requested)
{
    const CancelSource cancel;
    EXPECT_FALSE(cancel.requested());
    EXPECT_FALSE(is_readable(cancel, 0));
    EXPECT_NO_THROW(cancel.check());
}

TEST(CancelSource, wakes_a_poll_and_stays_requested)
{
    CancelSource cancel;
    std::thread other([&] { cancel.request(); });
    EXPECT_TRUE(is_readable(cancel, for_ever));
    other.join();
    EXPECT_TRUE(is_readable(cancel, 0));
    EXPECT_TRUE(cancel.requested());
    EXPECT_THROW(cancel.check(), Error);
}

TEST(CancelSource, may_be_requested_any_number_of_times)
{
    CancelSource cancel;
    for (int i = 0; i < 1000; ++i)
        cancel.request();
    EXPECT_TRUE(is_readable(cancel, 0));
}

TEST(EitherCancel, is_requested_with_the_one_or_the_other)
{
    CancelSource one, other;
    const EitherCancel either(one, other);
    EXPECT_FALSE(either.requested());
    EXPECT_FALSE(is_readable(either, 0));
    other.request();
    EXPECT_TRUE(either.requested());
    EXPECT_TRUE(is_readable(either, 0));
}

TEST(EitherCancel, wakes_a_poll_however_deep)
{
    CancelSource run, session, watch;
    const EitherCancel inner(run, session);
    const EitherCancel outer(inner, watch);
    std::thread other([&] { run.request(); });
    EXPECT_TRUE(is_readable(outer, for_ever));
    other.join();
}

}  // namespace
}  // namespace offlineimap::core
