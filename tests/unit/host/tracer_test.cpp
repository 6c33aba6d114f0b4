// SPDX-License-Identifier: Apache-2.0
#include "core/host/tracer.hpp"

#include "folder.hpp"

#include <offlineimap/error.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <thread>

namespace offlineimap::core {
namespace {

using testing::HasSubstr;

TEST(Tracer, writes_a_line_of_spans_for_each_thread_and_a_summary)
{
    const TemporaryFolder folder;
    const auto place = folder.path() / "trace";
    {
        Tracer tracer(place);
        tracer.span("remote", "SELECT \"odd\"", Tracer::Clock::now());
        std::thread([&] {
            tracer.span("remote", "UID FETCH", Tracer::Clock::now() - std::chrono::hours(1));
        }).join();
    }
    const auto events = nlohmann::json::parse(read_file(place / "trace.json"));
    ASSERT_EQ(events.size(), 4U);  // with the whole run, and an empty one at the end
    EXPECT_EQ(events[0]["name"], "SELECT \"odd\"");
    EXPECT_EQ(events[0]["ph"], "X");
    EXPECT_NE(events[0]["tid"], events[1]["tid"]);
    const auto summary = read_file(place / "summary.txt");
    EXPECT_THAT(summary, HasSubstr("remote: UID FETCH"));
    EXPECT_LT(summary.find("UID FETCH"), summary.find("SELECT"));  // the longest first
}

TEST(Tracer, takes_secrets_out)
{
    const TemporaryFolder folder;
    const auto place = folder.path() / "trace";
    {
        Tracer tracer(place, [](std::string_view) { return std::string("clean"); });
        tracer.span("remote", "LOGIN joe secret", Tracer::Clock::now());
    }
    for (const auto* file : {"trace.json", "summary.txt"}) {
        EXPECT_THAT(read_file(place / file), testing::Not(HasSubstr("secret")));
        EXPECT_THAT(read_file(place / file), HasSubstr("clean"));
    }
}

TEST(Tracer, refuses_a_directory_that_is_there)
{
    const TemporaryFolder folder;
    EXPECT_THROW(Tracer tracer(folder.path()), Error);
}

}  // namespace
}  // namespace offlineimap::core
