// SPDX-License-Identifier: Apache-2.0
#include "repo-maildir/change_token.hpp"
#include "repo-maildir/md5.hpp"
#include "repo-maildir/name_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace offlineimap::maildir {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using enum Subdirectory;

const std::string own = md5_hex("INBOX");
const std::string other = md5_hex("Other");

std::string with(int uid, const std::string& md5)
{
    return ",U=" + std::to_string(uid) + ",FMD5=" + md5;
}

NameIndex index_of(const std::vector<Place>& files, SameBase same_base = SameBase::two_files)
{
    NameIndex index(own, InfoSeparator::colon);
    for (const Place& file : files)
        index.add(file.where, file.name);
    index.settle(same_base);
    return index;
}

std::vector<std::pair<std::string, std::string>> all(const NameIndex& index)
{
    std::vector<std::pair<std::string, std::string>> found;
    index.for_each([&](const MessageId& id, Subdirectory, std::string_view name) {
        found.emplace_back(id.value, name);
        const auto place = index.find(id);
        EXPECT_TRUE(place && place->name == name) << id.value;
    });
    return found;
}

TEST(NameIndex, gives_ids_to_names)
{
    const std::string nine = "a" + with(9, own) + ":2,S";
    const std::string ten = "b" + with(10, own) + ":2,";
    const std::string foreign = "c" + with(9, other) + ":2,F";
    EXPECT_THAT(
        all(index_of({{fresh, ten}, {cur, nine}, {fresh, "new one"}, {cur, foreign}})),
        ElementsAre(
            Pair("9", nine), Pair("10", ten), Pair(".c" + with(9, other), foreign),
            Pair(".new one", "new one")));
}

TEST(NameIndex, an_id_of_a_new_file_is_no_number)
{
    EXPECT_THAT(all(index_of({{fresh, "17"}})), ElementsAre(Pair(".17", "17")));
    EXPECT_EQ(uid_of({".17"}), std::nullopt);
    EXPECT_EQ(uid_of({"017"}), std::nullopt);
    EXPECT_EQ(uid_of({"0"}), std::nullopt);
    EXPECT_EQ(uid_of({"-1"}), std::nullopt);
    EXPECT_EQ(uid_of({"1 "}), std::nullopt);
    EXPECT_EQ(uid_of({"99999999999999999999"}), std::nullopt);
    EXPECT_EQ(uid_of({"4294967295"}), 4294967295U);
}

TEST(NameIndex, of_copies_one_keeps_the_id_in_whatever_order_they_are_seen)
{
    const std::string first = "a" + with(5, own) + ":2,S";
    const std::string second = "b" + with(5, own) + ":2,";
    const auto expected = ElementsAre(Pair("5", first), Pair(".b" + with(5, own), second));
    EXPECT_THAT(all(index_of({{cur, first}, {cur, second}})), expected);
    EXPECT_THAT(all(index_of({{cur, second}, {cur, first}})), expected);
}

TEST(NameIndex, files_of_the_same_base_are_told_apart)
{
    const NameIndex index = index_of({{cur, "x:2,S"}, {fresh, "x"}, {cur, "x:2,"}, {cur, "y"}});
    EXPECT_THAT(
        all(index),
        ElementsAre(Pair(".x", "x"), Pair(".x/2", "x:2,"), Pair(".x/3", "x:2,S"), Pair(".y", "y")));
    EXPECT_EQ(index.find({".x/4"}), std::nullopt);
    EXPECT_EQ(index.find({".x/"}), std::nullopt);
}

TEST(NameIndex, a_file_seen_twice_is_where_it_was_seen_last)
{
    const std::string marked = "m" + with(3, own);
    EXPECT_THAT(
        all(index_of(
            {{fresh, "x:2,"}, {cur, "x:2,S"}, {fresh, marked + ":2,"}, {cur, marked + ":2,S"}},
            SameBase::one_seen_twice)),
        ElementsAre(Pair("3", marked + ":2,S"), Pair(".x", "x:2,S")));
    EXPECT_THAT(
        all(index_of({{cur, "x:2,S"}, {fresh, "x:2,"}}, SameBase::one_seen_twice)),
        ElementsAre(Pair(".x", "x:2,")));
}

TEST(NameIndex, follows_renames_and_removals)
{
    NameIndex index = index_of({{fresh, "x"}, {fresh, "y" + with(7, own)}});
    index.rename({"7"}, {cur, "y" + with(7, own) + ":2,S"});
    EXPECT_EQ(index.find({"7"}), (Place {cur, "y" + with(7, own) + ":2,S"}));
    index.assign({".x"}, 5, {fresh, "x" + with(5, own)});
    EXPECT_EQ(index.find({".x"}), std::nullopt);
    EXPECT_EQ(index.find({"5"}), (Place {fresh, "x" + with(5, own)}));
    index.erase({"7"});
    EXPECT_EQ(index.find({"7"}), std::nullopt);
    EXPECT_FALSE(index.has_uid(7));
    EXPECT_THAT(all(index), ElementsAre(Pair("5", "x" + with(5, own))));
    index.erase({"5"});
    EXPECT_THAT(all(index), IsEmpty());
}

TEST(NameIndex, strange_names_come_back_as_they_are)
{
    const std::vector<std::string> names = {
        "," + with(1, own) + with(2, own), "\xff\xfe:2,", ":2,S", with(4, own) + with(4, own)};
    for (const std::string& name : names) {
        const auto found = all(index_of({{cur, name}}));
        ASSERT_EQ(found.size(), 1U) << name;
        EXPECT_EQ(found[0].second, name);
    }
}

constexpr std::int64_t second = 1'000'000'000;

FolderStamps stamps(std::int64_t last)
{
    return {{1, 5, 5}, {2, last, last}};
}

TEST(ChangeToken, is_trusted_when_the_last_change_is_clearly_over)
{
    const std::int64_t change = 100 * second + 1234;
    EXPECT_FALSE(settled(stamps(change), change));
    EXPECT_FALSE(settled(stamps(change), change + second / 100));
    EXPECT_TRUE(settled(stamps(change), change + second / 10));
    EXPECT_FALSE(settled(stamps(change), change - 3600 * second)) << "a clock that was set back";
}

TEST(ChangeToken, whole_seconds_need_more_time)
{
    const FolderStamps coarse {{1, 90 * second, 90 * second}, {2, 100 * second, 100 * second}};
    EXPECT_FALSE(settled(coarse, 101 * second + 999'000'000));
    EXPECT_TRUE(settled(coarse, 103 * second));
}

TEST(ChangeToken, differs_for_every_part_of_the_stamps_and_the_settings)
{
    Options options;
    const FolderStamps base {{1, 2, 3}, {4, 5, 6}};
    const std::string token = token_of(base, options.listing_salt);
    EXPECT_EQ(token_of(base, options.listing_salt), token);
    for (int part = 0; part < 6; ++part) {
        FolderStamps changed = base;
        DirectoryStamp& stamp = part < 3 ? changed.fresh : changed.cur;
        if (part % 3 == 0) ++stamp.inode;
        if (part % 3 == 1) ++stamp.modified;
        if (part % 3 == 2) ++stamp.changed;
        EXPECT_NE(token_of(changed, options.listing_salt), token) << part;
    }
    options.listing_salt = 1;
    EXPECT_NE(token_of(base, options.listing_salt), token);
}

}  // namespace
}  // namespace offlineimap::maildir
