// SPDX-License-Identifier: Apache-2.0
#include "core/host/failure_log.hpp"

#include <gtest/gtest.h>

namespace offlineimap::core {
namespace {

void add(FailureLog& log, Errc code, const std::string& text, std::string_view folder = "INBOX")
{
    const Error error(code, text);
    Event event;
    event.kind = EventKind::failure;
    event.account = "home";
    event.folder = folder;
    event.text = text;
    event.error = &error;
    log.add(event);
}

TEST(FailureLog, keeps_failures_in_order)
{
    FailureLog log;
    add(log, Errc::quota, "full");
    add(log, Errc::network, "gone");
    const auto [failures, not_listed] = log.summary();
    ASSERT_EQ(failures.size(), 2U);
    EXPECT_EQ(failures[0].account, "home");
    EXPECT_EQ(failures[0].folder, "INBOX");
    EXPECT_EQ(failures[0].text, "full");
    EXPECT_EQ(failures[1].error.code(), Errc::network);
    EXPECT_EQ(not_listed, 0U);
}

TEST(FailureLog, counts_what_happens_again)
{
    FailureLog log;
    for (int i = 0; i < 3; ++i)
        add(log, Errc::quota, "full");
    add(log, Errc::quota, "full", "Sent");
    const auto failures = log.summary().failures;
    ASSERT_EQ(failures.size(), 2U);
    EXPECT_EQ(failures[0].count, 3U);
    EXPECT_EQ(failures[1].count, 1U);
}

TEST(FailureLog, stays_small_but_knows_every_code)
{
    FailureLog log;
    for (int i = 0; i < 5000; ++i)
        add(log, Errc::rejected, "message " + std::to_string(i));
    add(log, Errc::auth, "refused");
    add(log, Errc::auth, "refused in other words");
    const auto [failures, not_listed] = log.summary();
    EXPECT_EQ(failures.size(), 1001U);
    EXPECT_EQ(failures.back().error.code(), Errc::auth);
    EXPECT_EQ(not_listed, 4001U);
}

TEST(FailureLog, passes_over_what_is_no_failure)
{
    FailureLog log;
    log.add(Event {});
    EXPECT_TRUE(log.summary().empty());
}

}  // namespace
}  // namespace offlineimap::core
