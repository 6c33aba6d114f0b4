// SPDX-License-Identifier: Apache-2.0
#include "protocol/date_time.hpp"

#include <gmock/gmock.h>

namespace offlineimap::imap::test {

namespace {

long seconds_of(std::string_view text)
{
    const auto time = parse_date_time(text);
    return time ? static_cast<long>(time->time_since_epoch().count()) : -1;
}

}  // namespace

TEST(DateTime, reads_what_servers_write)
{
    EXPECT_EQ(seconds_of("17-Jul-1996 02:44:25 -0700"), 837596665);
    EXPECT_EQ(seconds_of(" 1-Jan-1970 00:00:00 +0000"), 0);
    EXPECT_EQ(seconds_of("1-jan-1970 00:00:07 +0000"), 7);
    EXPECT_EQ(seconds_of("01-Jan-1970 05:30:00 +0530"), 0);
    EXPECT_EQ(seconds_of("31-Dec-1969 20:30:00 -0330"), 0);
}

TEST(DateTime, refuses_other_text)
{
    for (const auto* bad :
         {"", "17-Jul-1996", "32-Jul-1996 02:44:25 -0700", "17-Xyz-1996 02:44:25 -0700",
          "17-Jul-1996 24:44:25 -0700", "17-Jul-1996 02:44:25 0700", "17-Jul-96 02:44:25 -0700",
          "30-Feb-1996 02:44:25 +0000", "17-Jul-1996 02:44:25 -07x0", "17-Jul-1996T02:44:25 -0700x",
          " 1-Jan-0000 00:00:00 +1400", "31-Dec-9999 23:59:59 -0100", "01-Jan-0001 00:00:00 +0001"})
        EXPECT_EQ(seconds_of(bad), -1) << bad;
}

TEST(DateTime, writes_utc)
{
    using namespace std::chrono;
    EXPECT_EQ(format_date_time(sys_seconds {seconds {837596665}}), "17-Jul-1996 09:44:25 +0000");
    EXPECT_EQ(format_date_time(sys_seconds {seconds {0}}), "01-Jan-1970 00:00:00 +0000");
    EXPECT_EQ(format_date(sys_days {2024y / 2 / 29}), "29-Feb-2024");
}

TEST(DateTime, reads_what_it_writes)
{
    for (std::int64_t t = -5'000'000'000; t < 9'000'000'000; t += 123'456'789) {
        const std::chrono::sys_seconds time {std::chrono::seconds {t}};
        EXPECT_EQ(parse_date_time(format_date_time(time)), time) << t;
    }
}

}  // namespace offlineimap::imap::test
