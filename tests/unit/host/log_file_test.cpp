// SPDX-License-Identifier: Apache-2.0
#include "core/host/log_file.hpp"

#include "folder.hpp"

#include <gmock/gmock.h>

namespace offlineimap::core {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

constexpr auto time_pattern = "[0-9]+-[0-9]+-[0-9]+ [0-9]+:[0-9]+:[0-9]+";

Event event(EventKind kind, Level level, std::string_view text)
{
    Event e;
    e.kind = kind;
    e.level = level;
    e.text = text;
    e.time = std::chrono::system_clock::from_time_t(86400);
    return e;
}

class Log : public testing::Test {
protected:
    std::string text() const { return read_file(file); }

    TemporaryFolder folder;
    std::filesystem::path file = folder.path() / "log";
};

TEST_F(Log, has_a_time_and_a_level_before_each_line)
{
    LogFile log(file, "offlineimap 9 starting");
    log.show(event(EventKind::log, Level::info, "one"));
    log.show(event(EventKind::failure, Level::error, "two"));
    log.show(event(EventKind::log, Level::warning, "three"));
    const std::string time(time_pattern);
    EXPECT_THAT(
        text(),
        MatchesRegex(
            time + " INFO: offlineimap 9 starting\n" + time + " INFO: one\n" + time
            + " ERROR: two\n" + time + " WARNING: three\n"));
}

TEST_F(Log, goes_on_where_it_ended)
{
    write_file(file, "old\n");
    LogFile(file, "first").close();
    EXPECT_THAT(text(), MatchesRegex("old\n.* INFO: first\n"));
}

TEST_F(Log, leaves_out_what_is_said_many_times_a_second)
{
    LogFile log(file, "first");
    log.show(event(EventKind::progress, Level::info, "10 of 20"));
    auto sleeping = event(EventKind::sleeping, Level::info, "sleeping");
    log.show(sleeping);
    sleeping.done = 1;
    sleeping.text = "still asleep";
    log.show(sleeping);
    EXPECT_THAT(text(), HasSubstr("INFO: sleeping\n"));
    EXPECT_THAT(text(), testing::Not(HasSubstr("20\n")));
    EXPECT_THAT(text(), testing::Not(HasSubstr("still")));
}

TEST_F(Log, says_why_it_cannot_be_written)
{
    try {
        const LogFile log(folder.path(), "first");
        FAIL() << "a directory as a log file";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::config);
        EXPECT_EQ(error.what(), "open log file " + folder.path().string() + ": Is a directory");
    }
}

TEST_F(Log, is_silent_once_closed)
{
    LogFile log(file, "first");
    log.close();
    log.show(event(EventKind::log, Level::info, "late"));
    EXPECT_THAT(text(), testing::Not(HasSubstr("late")));
}

}  // namespace
}  // namespace offlineimap::core
