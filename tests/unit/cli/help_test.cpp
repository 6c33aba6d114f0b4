// SPDX-License-Identifier: Apache-2.0
#include "core/cli/help.hpp"

#include <gmock/gmock.h>

#include <string>

using namespace offlineimap::core;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace {

constexpr CommandLineOption options[] {option::help, option::config, {"json", '\0', "", "JSON"}};
constexpr SubCommand commands[] {
    {"look", "[options] [TYPE]", "look at things", "Looks at things.\n", options, nullptr}};

std::string general_help()
{
    return help_text("offlineimap", commands);
}

CommandArguments parsed(std::initializer_list<const char*> arguments)
{
    return parse_arguments(commands[0], {arguments.begin(), arguments.size()});
}

}  // namespace

TEST(Help, shows_each_option_in_one_form)
{
    const auto text = general_help();
    EXPECT_THAT(
        text, StartsWith("Usage: offlineimap [options]\n       offlineimap COMMAND [options]\n"));
    EXPECT_THAT(text, HasSubstr("\n  -h, --help              print this help\n"));
    EXPECT_THAT(text, HasSubstr("\n  -c FILE                 read the configuration from FILE\n"));
    EXPECT_THAT(text, HasSubstr("\n  --dry-run               only say"));
    EXPECT_THAT(text, HasSubstr("\n  -k [SECTION:]OPTION=VALUE\n                          over"));
}

TEST(Help, fits_a_terminal)
{
    std::size_t length = 0;
    for (const char c : general_help()) {
        length = c == '\n' ? 0 : length + 1;
        EXPECT_LE(length, 90U);
    }
}

TEST(Help, lists_the_commands)
{
    EXPECT_THAT(
        general_help(), HasSubstr("\nCommands:\n  look                    look at things\n"));
}

TEST(Help, of_a_command_shows_its_options)
{
    EXPECT_THAT(
        help_text("offlineimap", commands[0]),
        StartsWith("Usage: offlineimap look [options] [TYPE]\n\nLooks at things.\n\nOptions:\n"
                   "  -h, --help              print this help\n"
                   "  -c FILE                 read the configuration from FILE\n"));
}

TEST(SubCommands, have_options_of_their_own_and_common_ones)
{
    const auto line = parsed({"-cFILE", "imap", "--json", "maildir"});
    EXPECT_EQ(line.common.config_file, "FILE");
    EXPECT_TRUE(line.has("json"));
    EXPECT_FALSE(line.has("help"));
    EXPECT_THAT(line.words, ElementsAre("imap", "maildir"));
    EXPECT_TRUE(parsed({"--help"}).wants_help);
    EXPECT_THROW(static_cast<void>(parsed({"-a", "x"})), UsageError);
}

TEST(SubCommands, are_found_by_their_whole_name)
{
    EXPECT_EQ(find_command(commands, "look"), commands);
    EXPECT_EQ(find_command(commands, "loo"), nullptr);
}
