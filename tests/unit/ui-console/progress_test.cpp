// SPDX-License-Identifier: Apache-2.0
#include "ui-ttyui/progress_line.hpp"

#include "common-console/printable.hpp"

#include <gmock/gmock.h>

namespace offlineimap::ui_ttyui {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

Progress half_way()
{
    return {
        .activity = "INBOX.\xe6\x97\xa5\xe6\x9c\xac",
        .counters =
            {.done = 500, .total = 1000, .bytes_done = 10'000'000, .bytes_total = 40'000'000},
        .bytes_per_second = 1'500'000,
        .seconds_left = 20};
}

TEST(ProgressLine, tells_all_where_there_is_room)
{
    EXPECT_EQ(
        progress_line(half_way(), 120),
        "[######---------------------]  25%  500/1000 messages  10 MB of 40 MB  1.5 MB/s"
        "  0:20 left  INBOX.\xe6\x97\xa5\xe6\x9c\xac");
}

TEST(ProgressLine, keeps_the_most_important_where_there_is_little)
{
    EXPECT_EQ(progress_line(half_way(), 24), "25%  500/1000 messages");
    EXPECT_EQ(progress_line(half_way(), 33), "25%  500/1000 messages  0:20 left");
    EXPECT_EQ(progress_line(half_way(), 8), "25%");
}

TEST(ProgressLine, is_never_wider_than_the_window)
{
    Progress idle = half_way();
    idle.counters = {};
    Progress huge = half_way();
    huge.counters = {UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX};
    for (std::size_t width = 0; width < 200; ++width)
        for (const Progress& progress : {half_way(), idle, huge})
            EXPECT_LE(console::columns(progress_line(progress, width)), width);
}

TEST(ProgressLine, without_a_total_tells_what_is_being_done)
{
    Progress progress;
    progress.activity = "Listing 50 folders";
    EXPECT_EQ(progress_line(progress, 80), "Listing 50 folders");
    EXPECT_EQ(progress_line(progress, 7), "Listing");
}

TEST(ProgressLine, more_done_than_planned_is_all)
{
    Progress progress;
    progress.counters = {.done = 30, .total = 20, .bytes_done = 0, .bytes_total = 0};
    EXPECT_THAT(progress_line(progress, 80), HasSubstr("100%"));
}

Meter::Time at(std::chrono::milliseconds after)
{
    return Meter::Time(1000s) + after;
}

Counters bytes(std::uint64_t done)
{
    return {done / 1000, 1000, done, 1'000'000};
}

TEST(Meter, says_nothing_before_it_knows)
{
    Meter meter;
    meter.update(bytes(0), at(0s));
    EXPECT_EQ(meter.bytes_per_second(), std::nullopt);
    meter.update(bytes(1000), at(100ms));
    meter.update(bytes(5000), at(500ms));
    EXPECT_EQ(meter.seconds_left(), std::nullopt);
}

TEST(Meter, finds_a_steady_speed)
{
    Meter meter;
    for (unsigned step = 0; step <= 100; ++step)
        meter.update(bytes(step * 1000), at(step * 100ms));
    EXPECT_NEAR(static_cast<double>(meter.bytes_per_second().value()), 10'000, 1);
    EXPECT_NEAR(static_cast<double>(meter.seconds_left().value()), 90, 1);
}

TEST(Meter, follows_a_change_of_speed)
{
    Meter meter;
    for (unsigned step = 0; step <= 10; ++step)
        meter.update(bytes(step * 10'000), at(step * 1s));
    for (unsigned step = 1; step <= 60; ++step)
        meter.update(bytes(100'000 + step * 1000), at(10s + step * 1s));
    EXPECT_NEAR(static_cast<double>(meter.bytes_per_second().value()), 1000, 5);
}

TEST(Meter, without_bytes_goes_by_messages)
{
    Meter meter;
    for (unsigned step = 0; step <= 10; ++step)
        meter.update({step, 40, 0, 0}, at(step * 1s));
    EXPECT_EQ(meter.bytes_per_second(), std::nullopt);
    EXPECT_EQ(meter.seconds_left(), 30u);
}

TEST(Meter, survives_a_clock_and_counters_that_run_backwards)
{
    Meter meter;
    meter.update(bytes(5000), at(5s));
    meter.update(bytes(9000), at(7s));
    meter.update(bytes(9500), at(1s));
    EXPECT_EQ(meter.bytes_per_second(), std::nullopt);
    meter.update(bytes(100), at(9s));
    EXPECT_EQ(meter.seconds_left(), std::nullopt);
    meter.update(bytes(100), at(9s));
    meter.update(bytes(100), at(20s));
    EXPECT_EQ(meter.seconds_left(), std::nullopt);
}

TEST(Meter, survives_the_largest_numbers)
{
    Meter meter;
    meter.update(bytes(0), Meter::Time::min());
    meter.update(bytes(0), Meter::Time::max());
    meter.reset();
    meter.update(bytes(0), at(0s));
    meter.update({1, 2, UINT64_MAX, UINT64_MAX}, at(1s));
    EXPECT_GT(meter.bytes_per_second().value(), INT64_MAX / 2);
    EXPECT_EQ(meter.seconds_left(), 0u);
}

}  // namespace
}  // namespace offlineimap::ui_ttyui
