// SPDX-License-Identifier: Apache-2.0
#include "core/sync/pairing.hpp"

#include <gmock/gmock.h>

namespace offlineimap::sync {
namespace {

FolderInfo folder(FolderPath path, FolderIndex index = 0)
{
    FolderInfo info;
    info.index = index;
    for (const auto& part : path)
        info.name += (info.name.empty() ? "" : "/") + part;
    info.path = std::move(path);
    return info;
}

const Both<std::string> names {"Local", "Remote"};

TEST(Pairing, pairs_equal_paths_and_wants_what_is_missing)
{
    const auto out = pair_folders(
        {{folder({"INBOX"}), folder({"L"})}, {folder({"Inbox"}), folder({"a", "b"})}}, {}, names);
    ASSERT_EQ(out.pairs.size(), 3);
    ASSERT_EQ(out.wanted.size(), 2);
    EXPECT_EQ(out.wanted[0].on, Side::left);
    EXPECT_EQ(out.wanted[0].path, (FolderPath {"a", "b"}));
    EXPECT_EQ(out.wanted[1].on, Side::right);
}

TEST(Pairing, refuses_two_folders_on_one)
{
    Both<FolderRules> rules;
    rules.right.translate = [](const FolderInfo&) { return FolderPath {"same"}; };
    EXPECT_THROW(pair_folders({{}, {folder({"a"}), folder({"b"})}}, rules, names), Error);
}

TEST(Pairing, refuses_what_differs_in_case_alone_where_that_is_one_directory)
{
    const Both<std::vector<FolderInfo>> server {
        {}, {folder({"Work", "Äpfel"}), folder({"work", "äpfel"})}};
    const Both<std::vector<FolderInfo>> one_there {{folder({"archive"})}, {folder({"Archive"})}};
    Both<FolderRules> rules;
    EXPECT_EQ(pair_folders(server, rules, names).pairs.size(), 2);
    rules.left.folds_case = true;
    for (const auto& folders : {server, one_there})
        try {
            pair_folders(folders, rules, names);
            FAIL() << "it was accepted";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), Errc::config);
            EXPECT_THAT(error.what(), testing::HasSubstr("would be one directory"));
        }
    rules.left.accepts =
        rules.right.accepts = [](const FolderInfo& f) { return f.name != "work/äpfel"; };
    EXPECT_EQ(pair_folders(server, rules, names).pairs.size(), 1);
}

TEST(Pairing, refuses_rules_that_would_make_folders_for_ever)
{
    Both<FolderRules> rules;
    rules.left.translate = [](const FolderInfo& f) { return FolderPath {f.path.front() + "moo"}; };
    try {
        pair_folders({{folder({"a"})}, {}}, rules, names);
        FAIL() << "it was accepted";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::config);
        EXPECT_THAT(error.what(), testing::StartsWith("INFINITE FOLDER CREATION DETECTED!"));
    }
}

/// "INBOX.*" there is "*" here, both ways.
FolderRules prefixed()
{
    FolderRules rules;
    rules.translate = [](const FolderInfo& folder) {
        return folder.path.size() < 2 ? folder.path
                                      : FolderPath(folder.path.begin() + 1, folder.path.end());
    };
    rules.origin = [](const FolderPath& there,
                      const std::string& separator) -> std::optional<FolderPath> {
        EXPECT_EQ(separator, ".");
        if (there == FolderPath {"INBOX"}) return there;
        if (there == FolderPath {"Private"}) return std::nullopt;
        FolderPath path {"INBOX"};
        path.insert(path.end(), there.begin(), there.end());
        return path;
    };
    return rules;
}

TEST(Pairing, goes_back_by_the_rule_of_the_other_side)
{
    auto remote = folder({"INBOX", "a"});
    remote.name = "INBOX.a";
    remote.separator = ".";
    Both<FolderRules> rules;
    rules.right = prefixed();
    const auto out = pair_folders(
        {{folder({"INBOX"}), folder({"b", "c"}), folder({"Private"})}, {remote}}, rules, names);
    ASSERT_EQ(out.pairs.size(), 3);
    ASSERT_EQ(out.wanted.size(), 3);
    EXPECT_EQ(out.wanted[0].path, (FolderPath {"a"}));
    EXPECT_EQ(out.wanted[1].path, (FolderPath {"INBOX"}));
    EXPECT_EQ(out.wanted[2].path, (FolderPath {"INBOX", "b", "c"}));
}

TEST(Pairing, a_rule_of_the_local_side_works_both_ways_too)
{
    auto local = folder({"INBOX", "a"});
    local.separator = ".";
    Both<FolderRules> rules;
    rules.left = prefixed();
    const auto out = pair_folders({{local}, {folder({"a"}), folder({"b"})}}, rules, names);
    ASSERT_EQ(out.pairs.size(), 2);
    ASSERT_EQ(out.wanted.size(), 1);
    EXPECT_EQ(out.wanted[0].on, Side::left);
    EXPECT_EQ(out.wanted[0].path, (FolderPath {"INBOX", "b"}));
}

TEST(Pairing, a_separator_of_the_other_side_that_a_rule_writes_parts)
{
    auto remote = folder({"a"});
    remote.separator = ".";
    Both<FolderRules> rules;
    rules.right.translate = [](const FolderInfo&) { return FolderPath {"x/y", "z"}; };
    rules.left.separator = "/";
    const auto out = pair_folders({{}, {remote}}, rules, names);
    ASSERT_EQ(out.wanted.size(), 1);
    EXPECT_EQ(out.wanted[0].path, (FolderPath {"x", "y", "z"}));
}

TEST(Pairing, a_folder_that_is_to_be_made_is_named_as_its_side_names_it)
{
    auto inbox = folder({"INBOX"});
    inbox.separator = ".";
    Both<FolderRules> rules;
    std::vector<std::string> asked;
    rules.right.accepts = [&](const FolderInfo& f) {
        asked.push_back(f.name);
        return true;
    };
    static_cast<void>(pair_folders({{folder({"a", "b"})}, {inbox}}, rules, names));
    EXPECT_THAT(asked, testing::Contains("a.b"));
}

TEST(Pairing, makes_nothing_where_it_may_not)
{
    Both<FolderRules> rules;
    rules.right.create = false;
    const auto out = pair_folders({{folder({"a"})}, {folder({"b"})}}, rules, names);
    ASSERT_EQ(out.wanted.size(), 1);
    EXPECT_EQ(out.wanted.front().on, Side::left);
}

TEST(Pairing, leaves_out_what_cannot_be_selected_or_is_filtered)
{
    auto parent = folder({"p"});
    parent.uses.add(FolderUse::not_selectable);
    Both<FolderRules> rules;
    rules.right.accepts = [](const FolderInfo& f) { return f.name != "no"; };
    const auto out =
        pair_folders({{folder({"no"})}, {parent, folder({"no"}), folder({"yes"})}}, rules, names);
    ASSERT_EQ(out.pairs.size(), 1);
    EXPECT_EQ(out.pairs.front().name, "yes");
}

TEST(Pairing, splits_translated_names_by_the_separator_of_the_other_side)
{
    Both<FolderRules> rules;
    rules.left.separator = ".";
    rules.right.translate = [](const FolderInfo& f) { return FolderPath {"lists." + f.path[1]}; };
    auto local = folder({"lists", "a"});
    local.separator = ".";
    const auto out =
        pair_folders({{local}, {folder({"Lists", "a"}), folder({"Lists", "b"})}}, rules, names);
    ASSERT_EQ(out.pairs.size(), 2);
    ASSERT_EQ(out.wanted.size(), 1);
    EXPECT_EQ(out.wanted.front().path, (FolderPath {"lists", "b"}));
}

TEST(Pairing, asks_the_rules_with_the_separator_of_the_side)
{
    auto inbox = folder({"INBOX"});
    inbox.separator = ".";
    Both<FolderRules> rules;
    rules.left.translate = [](const FolderInfo& f) { return FolderPath {"INBOX." + f.name}; };
    std::string asked;
    rules.right.accepts = [&](const FolderInfo& f) {
        if (f.name != "INBOX") asked = f.name;
        return true;
    };
    rules.right.translate = [](const FolderInfo& f) {
        return f.name == "INBOX" ? f.path : FolderPath {f.name.substr(6)};
    };
    const auto out = pair_folders({{folder({"mine"})}, {inbox}}, rules, names);
    EXPECT_EQ(asked, "INBOX.mine");
    ASSERT_EQ(out.wanted.size(), 2);
    EXPECT_EQ(out.wanted[1].path, (FolderPath {"INBOX", "mine"}));
}

TEST(Pairing, leaves_out_a_name_that_holds_the_local_separator_and_says_so)
{
    Both<FolderRules> rules;
    rules.left.separator = ".";
    const auto out = pair_folders({{}, {folder({"v1.2"}), folder({"v1"})}}, rules, names);
    EXPECT_EQ(out.pairs.size(), 1);
    ASSERT_EQ(out.warnings.size(), 1);
    EXPECT_THAT(out.warnings[0], testing::HasSubstr("v1.2"));
    rules.left.separator = "/";
    EXPECT_EQ(pair_folders({{}, {folder({"v1.2"})}}, rules, names).pairs.size(), 1);
}

TEST(Pairing, tells_inbox_from_inbox_where_names_depend_on_case)
{
    Both<FolderRules> rules;
    rules.left.folds_inbox = false;
    rules.right.translate = [](const FolderInfo&) { return FolderPath {"inbox"}; };
    const auto out = pair_folders({{}, {folder({"INBOX"})}}, rules, names);
    ASSERT_EQ(out.wanted.size(), 1);
    EXPECT_EQ(out.wanted[0].path, (FolderPath {"inbox"}));
}

TEST(Pairing, names_files_as_the_original_does)
{
    EXPECT_EQ(file_name(""), "dot");
    EXPECT_EQ(file_name("a/b"), "a.b");
    EXPECT_EQ(status_name({"INBOX", "sub"}), "INBOX.sub");
}

}  // namespace
}  // namespace offlineimap::sync
