// SPDX-License-Identifier: Apache-2.0
#include "fake_script.hpp"
#include "temporary_file.hpp"

#include "core/config/folder_rules.hpp"
#include "core/config/read.hpp"

#include <offlineimap/error.hpp>

#include <gmock/gmock.h>

using namespace offlineimap::core;
using testing::AllOf;
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
    const auto rules =
        from_yaml(R"(folders: {include: [INBOX, "Lists/*", "201?", "!Lists/spam.d"]})");
    EXPECT_TRUE(rules.accepts("INBOX"));
    EXPECT_FALSE(rules.accepts("INBOX2"));
    EXPECT_FALSE(rules.accepts("xINBOX"));
    EXPECT_TRUE(rules.accepts("Lists/a/b"));
    EXPECT_TRUE(rules.accepts("Lists/\xff"));
    EXPECT_TRUE(rules.accepts("2019"));
    EXPECT_FALSE(rules.accepts("201"));
    EXPECT_FALSE(rules.accepts("Lists/spam.d"));
    EXPECT_TRUE(rules.accepts("Lists/spamXd"));
}

TEST(FolderRules, what_is_excluded_is_left_out_of_what_is_included)
{
    const auto rules = from_yaml(R"(folders: {include: ["a*"], exclude: ["*z", "!aaz"]})");
    EXPECT_TRUE(rules.accepts("ab"));
    EXPECT_FALSE(rules.accepts("az"));
    EXPECT_TRUE(rules.accepts("aaz"));
    EXPECT_FALSE(rules.accepts("b"));
    const auto only_excluding =
        from_yaml(R"(folders: {exclude: ['/^\[Gmail\]/', "![Gmail]/Sent"]})");
    EXPECT_TRUE(only_excluding.accepts("INBOX"));
    EXPECT_FALSE(only_excluding.accepts("[Gmail]/All"));
    EXPECT_TRUE(only_excluding.accepts("[Gmail]/Sent"));
}

TEST(FolderRules, includes_pass_the_filter)
{
    const auto rules = from_yaml("folders: {include: [INBOX]}, folderincludes: [Hidden]");
    EXPECT_TRUE(rules.accepts("Hidden"));
    EXPECT_THAT(rules.includes(), ElementsAre("Hidden"));
}

TEST(FolderRules, wrong_rules_are_errors_with_their_place)
{
    EXPECT_THAT(
        error_of([] { from_yaml("folders: {exclude: ['/(/']}"); }),
        HasSubstr("c.yaml:1: [Repository r] folders.exclude: regular expression \"(\": "));
    EXPECT_THAT(
        error_of([] { from_yaml("folders: {rename: {'/(/': x}}"); }),
        HasSubstr("c.yaml:1: [Repository r] folders.rename: regular expression \"(\": "));
    EXPECT_THAT(
        error_of([] { from_yaml(R"(folders: {rename: {'/a/': '\1'}})"); }),
        HasSubstr("folders.rename: \"\\1\": "));
    EXPECT_THAT(
        error_of([] { from_yaml("folders: {rename: a}"); }), HasSubstr("expected names with"));
    EXPECT_THAT(
        error_of([] { from_yaml("folderfilter: [INBOX]"); }),
        HasSubstr("is a Python expression, found a list; names and patterns go into folders: {"));
    EXPECT_THAT(
        error_of([] { from_yaml("nametrans: !python f, folders: {rename: {a: b}}"); }),
        HasSubstr("the section has a nametrans, too; one of the two can be used"));
}

TEST(FolderRules, the_command_line_s_list_replaces_filter_and_includes)
{
    const Overrides overrides {.only_folders = std::vector<std::string> {"a", " b"}};
    const auto rules =
        from_yaml("folders: {include: [INBOX]}, folderincludes: [Hidden]", overrides);
    EXPECT_TRUE(rules.accepts("a"));
    EXPECT_TRUE(rules.accepts(" b"));
    EXPECT_FALSE(rules.accepts("b"));
    EXPECT_FALSE(rules.accepts("INBOX"));
    EXPECT_FALSE(rules.accepts("Hidden"));
    // A filter that is not asked needs no script.
    const auto unread = from_rc("folderfilter = lambda f: True\n", nullptr, overrides);
    EXPECT_FALSE(unread.accepts("x"));
    EXPECT_TRUE(unread.belongs("a"));
    EXPECT_FALSE(unread.belongs("x"));
}

TEST(FolderRules, the_command_line_s_list_leaves_known_what_other_runs_look_at)
{
    const Overrides overrides {.only_folders = std::vector<std::string> {"a"}};
    const auto rules =
        from_yaml("folders: {include: [INBOX]}, folderincludes: [Hidden]", overrides);
    for (const char* const name : {"a", "INBOX", "Hidden"})
        EXPECT_TRUE(rules.belongs(name)) << name;
    EXPECT_FALSE(rules.belongs("b"));
    const auto all = from_yaml("folders: {include: [INBOX]}");
    EXPECT_TRUE(all.belongs("INBOX"));
    EXPECT_FALSE(all.belongs("a"));
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

TEST(FolderRules, an_expression_is_asked_once_for_each_name_in_a_run)
{
    FakeScript script;
    int calls = 0;
    script.functions["count"] = [&](const std::string& name) {
        ++calls;
        return offlineimap::Value(name);
    };
    const std::string both = "folderfilter = count\nnametrans = count\n";
    const auto rules = from_rc(both, &script);
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(rules.accepts("a"));
        EXPECT_EQ(rules.translate("a"), "a");
    }
    EXPECT_EQ(calls, 2);
    rules.forget_answers();
    EXPECT_TRUE(rules.accepts("a"));
    EXPECT_EQ(calls, 3);
    const auto dynamic = from_rc(both + "dynamic_folderfilter = yes\n", &script);
    EXPECT_TRUE(dynamic.accepts("a"));
    EXPECT_TRUE(dynamic.accepts("a"));
    EXPECT_EQ(calls, 5);
}

TEST(FolderRules, yaml_may_hold_expressions_with_a_tag)
{
    FakeScript script;
    script.functions["no"] = [](const std::string&) { return offlineimap::Value(false); };
    script.functions["list"] = [](const std::string&) {
        return offlineimap::Value(std::vector<std::string> {"a"});
    };
    const auto config = read(
        "repositories: {r: {type: IMAP, folderfilter: !python no, folderincludes: !python list}}",
        "c.yaml");
    const FolderRules rules(config, *config.repository("r"), Side::remote, &script);
    EXPECT_FALSE(rules.accepts("x"));
    EXPECT_TRUE(rules.accepts("a"));
    EXPECT_THAT(
        error_of([] { from_yaml("folderincludes: !lua x"); }), HasSubstr("unknown tag !lua"));
}

TEST(FolderRules, a_rule_for_names_works_both_ways)
{
    const auto rules = from_yaml(R"(folders: {exclude: [Spam], rename: {"INBOX.*": "*"}})");
    EXPECT_TRUE(rules.works_both_ways());
    EXPECT_EQ(rules.translate("INBOX.a.b"), "a.b");
    EXPECT_EQ(rules.translate("INBOX"), "INBOX");
    EXPECT_EQ(rules.origin("a.b", "a.b"), "INBOX.a.b");
    EXPECT_EQ(rules.origin("INBOX", "INBOX"), "INBOX");
    EXPECT_EQ(rules.origin("INBOX.a", "INBOX.a"), "INBOX.INBOX.a");
}

TEST(FolderRules, a_way_back_that_is_filtered_is_no_way_back)
{
    const auto rules = from_yaml(
        R"(folders: {exclude: ["[Gmail]/*", "![Gmail]/Sent*"], rename: {"[Gmail]/*": "*"}})");
    EXPECT_EQ(rules.origin("Sent", "Sent"), "[Gmail]/Sent");
    EXPECT_EQ(rules.origin("Work", "Work"), "Work");
    const auto narrow = from_yaml(R"(folders: {include: [a], rename: {a: b}})");
    EXPECT_EQ(narrow.origin("c", "c"), std::nullopt);
    EXPECT_EQ(narrow.origin("b", "b"), "a");
}

TEST(FolderRules, the_way_back_knows_the_other_side_s_separator)
{
    const auto rules = from_yaml(R"(folders: {rename: {"Archive/*": "Old.*", "Sent": "Out"}})");
    EXPECT_EQ(rules.origin("Old/2024", "Old.2024"), "Archive/2024");
    EXPECT_EQ(rules.origin("Out", "Out"), "Sent");
    EXPECT_EQ(rules.origin("a/b", "a.b"), "a/b");
    EXPECT_EQ(rules.origin("INBOX", "INBOX"), "INBOX");
}

TEST(FolderRules, a_name_without_a_way_back_is_an_error_that_asks_for_one)
{
    const auto rules = from_yaml(R"(folders: {rename: {'/^INBOX\.[0-9]+\.(.*)/': '\1', a: b}})");
    EXPECT_EQ(rules.translate("INBOX.17.x"), "x");
    EXPECT_THAT(
        error_of([&] { static_cast<void>(rules.origin("a", "a")); }),
        AllOf(
            HasSubstr("folders.rename: no name of this repository becomes \"a\""),
            HasSubstr("what \"/^INBOX\\.[0-9]+\\.(.*)/\" makes of a name does not say"),
            HasSubstr("give the other repository its own folders.rename")));
}
