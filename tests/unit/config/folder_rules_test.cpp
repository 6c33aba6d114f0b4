// SPDX-License-Identifier: Apache-2.0
#include "fake_script.hpp"
#include "temporary_file.hpp"

#include "core/config/folder_rules.hpp"
#include "core/config/read.hpp"

#include <offlineimap/error.hpp>

#include <gmock/gmock.h>

using namespace offlineimap::core;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

Config read(const std::string& text, const char* name, const Overrides& overrides = {})
{
    const TemporaryFolder folder;
    return read_config(folder.write(name, text), overrides);
}

FolderRules from_yaml(const std::string& options, const Overrides& overrides = {})
{
    const auto config =
        read("repositories: {r: {type: IMAP, " + options + "}}", "c.yaml", overrides);
    return {config, *config.repository("r"), Side::remote, nullptr};
}

FolderRules
from_rc(const std::string& options, offlineimap::Script* script, const Overrides& overrides = {})
{
    const auto config = read("[general]\n[Repository r]\ntype = IMAP\n" + options, "rc", overrides);
    return {config, *config.repository("r"), Side::remote, script};
}

template <class Make> std::string error_of(Make make)
{
    try {
        make();
    } catch (const offlineimap::Error& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST(FolderRules, by_default_everything_passes_under_its_name)
{
    const FolderRules rules;
    EXPECT_TRUE(rules.accepts("INBOX"));
    EXPECT_EQ(rules.translate("a/b"), "a/b");
    EXPECT_THAT(rules.includes(), ElementsAre());
}

TEST(FolderRules, a_list_of_names_and_globs_is_what_is_synchronised)
{
    const auto rules = from_yaml(R"(folderfilter: [INBOX, "Lists/*", "201?", "!Lists/spam.d"])");
    EXPECT_TRUE(rules.accepts("INBOX"));
    EXPECT_FALSE(rules.accepts("INBOX2"));
    EXPECT_FALSE(rules.accepts("xINBOX"));
    EXPECT_TRUE(rules.accepts("Lists/a/b"));
    EXPECT_TRUE(rules.accepts("2019"));
    EXPECT_FALSE(rules.accepts("201"));
    EXPECT_FALSE(rules.accepts("Lists/spam.d"));
    EXPECT_TRUE(rules.accepts("Lists/spamXd"));
}

TEST(FolderRules, a_list_that_begins_with_an_exclusion_lets_the_rest_pass)
{
    const auto rules = from_yaml(R"(folderfilter: ["!/^\\[Gmail\\]/", "[Gmail]/Sent"])");
    EXPECT_TRUE(rules.accepts("INBOX"));
    EXPECT_FALSE(rules.accepts("[Gmail]/All"));
    EXPECT_TRUE(rules.accepts("[Gmail]/Sent"));
}

TEST(FolderRules, includes_pass_the_filter)
{
    const auto rules = from_yaml("folderfilter: [INBOX], folderincludes: [Hidden]");
    EXPECT_TRUE(rules.accepts("Hidden"));
    EXPECT_THAT(rules.includes(), ElementsAre("Hidden"));
}

TEST(FolderRules, renames_are_applied_in_order)
{
    const auto rules =
        from_yaml(R"(nametrans: ['s/^INBOX\.//', 's|\.|/|g', 's/^(.)-(.*)$/\2\1/'])");
    EXPECT_EQ(rules.translate("INBOX.a.b"), "a/b");
    EXPECT_EQ(rules.translate("x-yz"), "yzx");
    EXPECT_EQ(rules.translate("INBOX"), "INBOX");
}

TEST(FolderRules, wrong_patterns_are_errors_with_their_place)
{
    EXPECT_THAT(
        error_of([] { from_yaml("folderfilter: ['/(/']"); }),
        HasSubstr("c.yaml:1: [Repository r] folderfilter: regular expression \"(\": "));
    EXPECT_THAT(
        error_of([] { from_yaml("nametrans: ['s/a/b']"); }),
        HasSubstr("expected \"s/expression/replacement/\", found \"s/a/b\""));
    EXPECT_THAT(error_of([] { from_yaml(R"(nametrans: ['s/a/\1/'])"); }), HasSubstr("nametrans"));
}

TEST(FolderRules, the_command_line_s_list_replaces_filter_and_includes)
{
    const Overrides overrides {.only_folders = std::vector<std::string> {"a", " b"}};
    const auto rules = from_yaml("folderfilter: [INBOX], folderincludes: [Hidden]", overrides);
    EXPECT_TRUE(rules.accepts("a"));
    EXPECT_TRUE(rules.accepts(" b"));
    EXPECT_FALSE(rules.accepts("b"));
    EXPECT_FALSE(rules.accepts("INBOX"));
    EXPECT_THAT(rules.includes(), ElementsAre());
    // A filter that is not asked needs no script.
    EXPECT_FALSE(from_rc("folderfilter = lambda f: True\n", nullptr, overrides).accepts("x"));
}

TEST(FolderRules, an_expression_without_a_script_says_what_to_do)
{
    EXPECT_EQ(
        error_of([] { from_rc("nametrans = lambda f: f\n", nullptr); }),
        "rc:4: [Repository r] nametrans: is a Python expression, which needs the script-python "
        "plugin; it is not installed; install it, or write a configuration in YAML, which needs no "
        "Python");
}

TEST(FolderRules, constant_includes_need_no_script)
{
    EXPECT_THAT(
        from_rc("folderincludes = ['a b', \"c\",\n   'd']\n", nullptr).includes(),
        ElementsAre("a b", "c", "d"));
}

TEST(FolderRules, expressions_are_called_with_the_name)
{
    FakeScript script;
    script.functions["short names"] = [](const std::string& name) {
        return offlineimap::Value(static_cast<std::int64_t>(name.size() < 3));
    };
    script.functions["double"] = [](const std::string& name) {
        return offlineimap::Value(name + name);
    };
    const auto rules = from_rc("folderfilter = short names\nnametrans = double\n", &script);
    EXPECT_TRUE(rules.accepts("ab"));
    EXPECT_FALSE(rules.accepts("abc"));
    EXPECT_EQ(rules.translate("ab"), "abab");
}

TEST(FolderRules, a_name_must_become_a_text)
{
    FakeScript script;
    script.functions["nothing"] = [](const std::string&) { return offlineimap::Value(); };
    const auto rules = from_rc("nametrans = nothing\n", &script);
    EXPECT_EQ(
        error_of([&] { static_cast<void>(rules.translate("a")); }),
        "rc:4: [Repository r] nametrans: yields no text for \"a\"");
}
