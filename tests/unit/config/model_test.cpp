// SPDX-License-Identifier: Apache-2.0
#include "core/config/model.hpp"

#include <offlineimap/error.hpp>

#include <gtest/gtest.h>

using namespace offlineimap::core;

namespace {
Section account_work()
{
    return {.title = "Account work", .name = "work", .where = "rc:3"};
}
}  // namespace

TEST(Model, an_option_is_set_replaced_and_erased)
{
    auto section = account_work();
    EXPECT_EQ(section.find("quick"), nullptr);
    section.set("quick", {.text = "1", .where = "rc:4"});
    section.set("quick", {.text = "2", .where = "-k"});
    ASSERT_TRUE(section.has("quick"));
    EXPECT_EQ(section.find("quick")->text, "2");
    EXPECT_EQ(section.options.size(), 1U);
    section.erase("quick");
    EXPECT_FALSE(section.has("quick"));
}

TEST(Model, a_value_with_a_problem_is_an_error_when_used)
{
    auto section = account_work();
    section.set("proxy", {.text = "", .where = "rc:9", .problem = "stray \"%\""});
    EXPECT_TRUE(section.has("proxy"));
    try {
        section.find("proxy");
        FAIL() << "no error";
    } catch (const offlineimap::Error& error) {
        EXPECT_EQ(error.code(), offlineimap::Errc::config);
        EXPECT_STREQ(error.what(), "rc:9: [Account work] proxy: stray \"%\"");
    }
}

TEST(Model, sections_are_found_by_their_exact_name)
{
    Config config;
    config.accounts.push_back(account_work());
    EXPECT_EQ(config.account("work"), config.accounts.data());
    EXPECT_EQ(config.account("Work"), nullptr);
    EXPECT_EQ(config.repository("work"), nullptr);
}
