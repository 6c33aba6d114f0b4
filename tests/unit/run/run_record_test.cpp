// SPDX-License-Identifier: Apache-2.0
#include "core/run/run_record.hpp"

#include "testkit/check.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace offlineimap::core {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr sys_seconds early {seconds(1000)}, late {seconds(2000)};

sync::SyncResult result(std::vector<sync::FolderOutcome> outcomes)
{
    sync::SyncResult result;
    const char* const names[] = {"INBOX", "Sent", "Trash"};
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        result.pairs.emplace_back();
        result.pairs.back().name = names[i];
    }
    result.outcomes = std::move(outcomes);
    return result;
}

struct RunRecordTest : testing::Test {
    RunRecord stored()
    {
        record.save(place.path());
        return RunRecord::load(place.path());
    }
    testkit::TemporaryDirectory place;
    RunRecord record;
};

TEST_F(RunRecordTest, keeps_success_and_failure_of_each_folder)
{
    record.add(result({{true, false, {}}, {true, true, "no quota"}}), early);
    const auto read = stored();
    EXPECT_EQ(read.folders.at("INBOX").success, early);
    EXPECT_FALSE(read.folders.at("INBOX").failing);
    EXPECT_EQ(read.folders.at("Sent").error, "no quota");
    EXPECT_TRUE(read.folders.at("Sent").failing);
    EXPECT_TRUE(read.folders.at("Sent").unfinished);
    EXPECT_EQ(read.account.error, "no quota");
    EXPECT_TRUE(read.account.failing);
}

TEST_F(RunRecordTest, remembers_an_error_that_has_passed)
{
    record.add(result({{true, true, "no quota"}}), early);
    record.add(result({{true, false, {}}}), late);
    const auto read = stored();
    EXPECT_FALSE(read.account.failing);
    EXPECT_EQ(read.account.failure, early);
    EXPECT_EQ(read.account.success, late);
    EXPECT_FALSE(read.folders.at("INBOX").unfinished);
}

TEST_F(RunRecordTest, leaves_folders_alone_that_a_run_did_not_look_at)
{
    record.add(result({{true, true, "no quota"}, {true, false, {}}}), early);
    record.add(result({{false, false, {}}, {true, false, {}}}), late);
    EXPECT_TRUE(record.folders.at("INBOX").failing);
    EXPECT_EQ(record.folders.at("Sent").success, late);
}

TEST_F(RunRecordTest, forgets_folders_that_are_gone)
{
    record.add(result({{true, false, {}}, {true, false, {}}}), early);
    record.add(result({{true, false, {}}}), late);
    EXPECT_EQ(record.folders.size(), 1U);
}

TEST_F(RunRecordTest, knows_what_came_last_within_a_second)
{
    record.add(result({{true, false, {}}}), early);
    record.add(result({{true, true, "no quota"}}), early);
    EXPECT_TRUE(stored().account.failing);
    record.add(result({{true, false, {}}}), early);
    EXPECT_FALSE(stored().account.failing);
}

TEST_F(RunRecordTest, keeps_folders_that_a_run_was_not_told_to_look_at)
{
    record.add(result({{true, false, {}}, {true, false, {}}}), early);
    record.add(result({{true, false, {}}}), late, RunRecord::Reach::chosen_ones);
    EXPECT_EQ(record.folders.size(), 2U);
    EXPECT_EQ(record.folders.at("Sent").success, early);
}

TEST_F(RunRecordTest, starts_anew_when_the_file_is_no_record)
{
    std::ofstream(place.path() / "last-run.json") << "{\"version\": 1, \"folders\": 7";
    EXPECT_TRUE(RunRecord::load(place.path()).folders.empty());
    EXPECT_FALSE(RunRecord::load(place.path()).account.success);
}

TEST_F(RunRecordTest, takes_names_that_are_not_utf8)
{
    record.add_failure("folder \xff is odd", early);
    EXPECT_TRUE(stored().account.failing);
}

}  // namespace
}  // namespace offlineimap::core
