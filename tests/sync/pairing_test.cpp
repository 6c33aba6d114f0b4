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

TEST(Pairing, names_files_as_the_original_does)
{
    EXPECT_EQ(file_name(""), "dot");
    EXPECT_EQ(file_name("a/b"), "a.b");
    EXPECT_EQ(status_name({"INBOX", "sub"}), "INBOX.sub");
}

}  // namespace
}  // namespace offlineimap::sync
