// SPDX-License-Identifier: Apache-2.0
#include "fake_script.hpp"

#include "core/config/settings.hpp"

#include <gmock/gmock.h>

using namespace offlineimap::core;
using offlineimap::Errc;
using offlineimap::Error;
using offlineimap::Option;
using testing::ElementsAre;
using enum offlineimap::OptionType;

namespace {

constexpr Option options[] {
    {"host", text, nullptr, "the server"},
    {"remoteport", number, "", "its port"},
    {"ssl", flag, "yes", "use TLS"},
    {"ipv6", flag, "", "address family"},
    {"buffer", size, "10M", "buffer size"},
    {"socktimeout", seconds, "60", "time-out"},
    {"root", path, "", "where it is"},
    {"mechanisms", list, "PLAIN, LOGIN", "mechanisms"},
    {"idlefolders", list, "", "folders"},
    {"level", choice, "compat", "how strict", "secure|compat"},
    {"remotepass", secret, "", "the password"},
};

struct World {
    Section own {.title = "Repository r", .name = "r", .where = "rc:1"};
    Section account {.title = "Account a", .name = "a", .where = "rc:20"};
    Syntax syntax = Syntax::rc;
    FakeScript script;
    offlineimap::Script* installed = &script;

    World() { set("host", "h"); }
    void set(std::string_view option, std::string value)
    {
        own.set(option, {.text = std::move(value), .where = "rc:2"});
    }
    SectionSettings settings()
    {
        return {options, {.chain = {&own, &account}, .syntax = syntax, .script = installed}};
    }
    std::string error()
    {
        try {
            static_cast<void>(settings());
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), Errc::config);
            return error.what();
        }
        return "no error";
    }
};

}  // namespace

TEST(Settings, defaults_are_filled_in)
{
    const auto settings = World().settings();
    EXPECT_TRUE(settings.flag("ssl"));
    EXPECT_EQ(settings.number("buffer"), 10 << 20);
    EXPECT_EQ(settings.number("socktimeout"), 60);
    EXPECT_THAT(settings.list("mechanisms"), ElementsAre("PLAIN", "LOGIN"));
    EXPECT_EQ(settings.text("level"), "compat");
    EXPECT_EQ(settings.where("ssl"), "default");
}

TEST(Settings, what_is_absent_reads_as_nothing)
{
    const auto settings = World().settings();
    EXPECT_FALSE(settings.has("ipv6"));
    EXPECT_FALSE(settings.flag("ipv6"));
    EXPECT_FALSE(settings.has("remoteport"));
    EXPECT_EQ(settings.number("remoteport"), 0);
    EXPECT_EQ(settings.text("root"), "");
    EXPECT_FALSE(settings.has("no-such-option"));
}

TEST(Settings, values_have_their_types)
{
    World world;
    setenv("HOME", "/home/ann", 1);
    setenv("CONFIG_TEST", "sub", 1);
    world.set("ssl", "OFF");
    world.set("ipv6", "no");
    world.set("remoteport", "1143");
    world.set("root", "~/$CONFIG_TEST/${CONFIG_TEST}/$no_such_variable");
    world.set("mechanisms", "A,\nB , C");
    world.set("level", "secure");
    const auto settings = world.settings();
    EXPECT_FALSE(settings.flag("ssl"));
    EXPECT_TRUE(settings.has("ipv6"));
    EXPECT_EQ(settings.number("remoteport"), 1143);
    EXPECT_EQ(settings.text("root"), "/home/ann/sub/sub/$no_such_variable");
    EXPECT_THAT(settings.list("mechanisms"), ElementsAre("A", "B", "C"));
    EXPECT_EQ(settings.text("level"), "secure");
    EXPECT_EQ(settings.where("ssl"), "rc:2");
}

TEST(Settings, values_of_another_type_are_errors)
{
    World world;
    world.set("ssl", "no ; comment");
    EXPECT_EQ(
        world.error(), "rc:2: [Repository r] ssl: expected yes or no, found \"no ; comment\"");
    world.set("ssl", "no");
    world.set("remoteport", "imaps");
    EXPECT_EQ(
        world.error(), "rc:2: [Repository r] remoteport: expected a whole number, found \"imaps\"");
    world.set("remoteport", "1");
    world.set("level", "secur");
    EXPECT_EQ(
        world.error(),
        "rc:2: [Repository r] level: expected one of secure, compat; found \"secur\", did you mean "
        "\"secure\"");
}

TEST(Settings, a_required_option_is_asked_for)
{
    World world;
    world.own.erase("host");
    EXPECT_EQ(world.error(), "rc:1: [Repository r] host is not set: the server");
}

TEST(Settings, the_account_s_value_stands_in)
{
    World world;
    world.account.set("socktimeout", {.text = "5", .where = "rc:21"});
    EXPECT_EQ(world.settings().number("socktimeout"), 5);
    EXPECT_EQ(world.settings().where("socktimeout"), "rc:21");
    world.set("socktimeout", "2m");
    EXPECT_EQ(world.settings().number("socktimeout"), 120);
}

TEST(Settings, unknown_options_are_errors_in_yaml_and_warnings_in_rc)
{
    World world;
    world.set("hots", "x");
    EXPECT_THAT(
        world.settings().warnings(),
        ElementsAre("rc:2: [Repository r] unknown option \"hots\", did you mean \"host\""));
    world.syntax = Syntax::yaml;
    EXPECT_EQ(world.error(), "rc:2: [Repository r] unknown option \"hots\", did you mean \"host\"");
}

TEST(Settings, what_the_core_understands_is_not_unknown)
{
    World world;
    for (const auto* option :
         {"nametrans", "folderfilter", "createfolders", "type", "remotepassfile", "remotepasseval",
          "remotepass.command", "startdate", "trashfolder"})
        world.set(option, "x");
    EXPECT_THAT(world.settings().warnings(), ElementsAre());
}

TEST(Settings, a_secret_is_known_to_be_there_and_not_told)
{
    World world;
    EXPECT_FALSE(world.settings().has("remotepass"));
    world.set("remotepassfile", "~/pw");
    EXPECT_TRUE(world.settings().has("remotepass"));
    world.set("remotepass", "hunter2");
    EXPECT_THROW(static_cast<void>(world.settings().text("remotepass")), Error);
}

TEST(Settings, an_option_outside_the_table_is_a_bug)
{
    const auto settings = World().settings();
    try {
        static_cast<void>(settings.text("nothing"));
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::internal);
    }
    EXPECT_THROW(static_cast<void>(settings.flag("host")), Error);
}

TEST(Settings, yaml_lists_are_taken_item_by_item)
{
    World world;
    world.syntax = Syntax::yaml;
    world.own.set(
        "mechanisms", {.list = std::vector<std::string> {"a, b", "c"}, .where = "c.yaml:3"});
    EXPECT_THAT(world.settings().list("mechanisms"), ElementsAre("a, b", "c"));
    world.own.set("ssl", {.list = std::vector<std::string> {}, .where = "c.yaml:4"});
    EXPECT_EQ(world.error(), "c.yaml:4: [Repository r] ssl: expected yes or no, found a list");
}

TEST(Settings, an_expression_yields_another_option)
{
    World world;
    world.script.functions["port()"] = [](const std::string&) {
        return offlineimap::Value(std::int64_t {1993});
    };
    world.set("remoteport", "1");
    world.set("remoteporteval", "port()");
    EXPECT_EQ(world.settings().number("remoteport"), 1993);
    world.set("remoteporteval", "'imap'");
    EXPECT_EQ(
        world.error(),
        "rc:2: [Repository r] remoteporteval: expected a whole number, found \"imap\"");
}

TEST(Settings, an_expression_for_another_option_may_yield_a_line_or_nothing)
{
    World world;
    world.script.functions["port()"] = [](const std::string&) {
        return offlineimap::Value(std::string("1993\n"));
    };
    world.set("remoteporteval", "port()");
    EXPECT_EQ(world.settings().number("remoteport"), 1993);
    world.set("remoteporteval", "None");
    EXPECT_FALSE(world.settings().has("remoteport"));
}

TEST(Settings, an_expression_of_its_own_yields_a_list)
{
    World world;
    world.installed = nullptr;
    world.set("idlefolders", "['INBOX', 'a, b']");
    EXPECT_THAT(world.settings().list("idlefolders"), ElementsAre("INBOX", "a, b"));
    world.set("idlefolders", "[f for f in folders]");
    EXPECT_THAT(world.error(), testing::HasSubstr("rc:2: [Repository r] idlefolders: is a Python"));
    world.syntax = Syntax::yaml;
    world.set("idlefolders", "INBOX, Sent");
    EXPECT_THAT(world.settings().list("idlefolders"), ElementsAre("INBOX", "Sent"));
}
