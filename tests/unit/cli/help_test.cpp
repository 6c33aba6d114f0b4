// SPDX-License-Identifier: Apache-2.0
#include "core/cli/help.hpp"

#include <gmock/gmock.h>

#include <string>

using namespace offlineimap::core;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Help, shows_each_option_in_one_form)
{
    const auto text = help_text("offlineimap");
    EXPECT_THAT(text, StartsWith("Usage: offlineimap [options]\n"));
    EXPECT_THAT(text, HasSubstr("\n  -h, --help              print this help\n"));
    EXPECT_THAT(text, HasSubstr("\n  -c FILE                 read the configuration from FILE\n"));
    EXPECT_THAT(text, HasSubstr("\n  --dry-run               only say"));
    EXPECT_THAT(text, HasSubstr("\n  -k [SECTION:]OPTION=VALUE\n                          over"));
}

TEST(Help, shows_nothing_that_does_not_exist_yet)
{
    const auto text = help_text("offlineimap");
    for (const auto* absent : {"delete-folder", "keyring", "prune", "migrate", "-P", "repair"})
        EXPECT_THAT(text, Not(HasSubstr(absent)));
}

TEST(Help, fits_a_terminal)
{
    std::size_t length = 0;
    for (const char c : help_text("offlineimap")) {
        length = c == '\n' ? 0 : length + 1;
        EXPECT_LE(length, 90U);
    }
}
