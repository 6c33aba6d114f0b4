// SPDX-License-Identifier: Apache-2.0
#include "core/cli/exit_code.hpp"

#include <gtest/gtest.h>

using namespace offlineimap::core;
using offlineimap::Errc;

TEST(ExitCode, tells_what_kind_of_trouble_it_was)
{
    EXPECT_EQ(exit_code(Errc::config), ExitCode {3});
    EXPECT_EQ(exit_code(Errc::auth), ExitCode {4});
    EXPECT_EQ(exit_code(Errc::network), ExitCode {5});
    EXPECT_EQ(exit_code(Errc::tls), ExitCode {5});
    EXPECT_EQ(exit_code(Errc::busy), ExitCode {7});
    EXPECT_EQ(exit_code(Errc::cancelled), ExitCode {130});
    EXPECT_EQ(exit_code(Errc::epoch_changed), ExitCode {2});
    EXPECT_EQ(exit_code(Errc::quota), ExitCode {1});
    EXPECT_EQ(exit_code(Errc::internal), ExitCode {1});
    EXPECT_EQ(exit_code(static_cast<Errc>(999)), ExitCode {1});
}

TEST(ExitCode, the_worst_of_a_run_is_told)
{
    using enum ExitCode;
    EXPECT_EQ(worst_of(success, epoch_changed), epoch_changed);
    EXPECT_EQ(worst_of(incomplete, epoch_changed), incomplete);
    EXPECT_EQ(worst_of(network, incomplete), network);
    EXPECT_EQ(worst_of(network, authentication), authentication);
    EXPECT_EQ(worst_of(stopped_by_guard, configuration), stopped_by_guard);
    EXPECT_EQ(worst_of(success, success), success);
}
