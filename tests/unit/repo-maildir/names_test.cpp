// SPDX-License-Identifier: Apache-2.0
#include "repo-maildir/file_name.hpp"
#include "repo-maildir/flag_letters.hpp"
#include "repo-maildir/folder_name.hpp"
#include "repo-maildir/md5.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace offlineimap::maildir {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto colon = InfoSeparator::colon;

TEST(Md5, is_that_of_rfc_1321)
{
    EXPECT_EQ(md5_hex(""), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
    EXPECT_EQ(
        md5_hex("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
        "57edf4a22be3c955ac49da2e2107b67a");
    EXPECT_EQ(md5_hex("INBOX"), "7e33429f656f1e6e9d79b29c3f82c57e");
    EXPECT_EQ(md5_hex("Work/Sub"), "347b2eb3d6f05aff2547ee9274f447b8");
}

TEST(Md5, pads_texts_around_a_block)
{
    EXPECT_EQ(md5_hex(std::string(55, 'a')), "ef1772b6dff9a122358552954ad0df65");
    EXPECT_EQ(md5_hex(std::string(56, 'a')), "3b0c8ac703f828b04c6c197006d17218");
    EXPECT_EQ(md5_hex(std::string(64, 'a')), "014842d480b571495a4a0363793f7367");
}

TEST(FileName, is_split_at_its_info_part)
{
    const std::string name = "1.2.host,U=7,FMD5=7e33429f656f1e6e9d79b29c3f82c57e:2,FS";
    const NameParts parts = split_name(name, colon);
    EXPECT_EQ(parts.base, "1.2.host,U=7,FMD5=7e33429f656f1e6e9d79b29c3f82c57e");
    EXPECT_EQ(parts.letters, "FS");
    EXPECT_TRUE(parts.has_info);
    EXPECT_EQ(find_marks(parts.base).uid, 7U);
    EXPECT_EQ(find_marks(parts.base).md5, "7e33429f656f1e6e9d79b29c3f82c57e");
    EXPECT_EQ(without_marks(parts.base), "1.2.host");
}

TEST(FileName, may_have_no_info_part)
{
    EXPECT_EQ(split_name("plain", colon).base, "plain");
    EXPECT_FALSE(split_name("plain", colon).has_info);
    EXPECT_EQ(split_name("with:colon", colon).base, "with:colon");
    EXPECT_EQ(split_name("experimental:1,x", colon).base, "experimental:1,x");
}

TEST(FileName, keeps_what_follows_the_letters)
{
    const NameParts parts = split_name("a:2,RS,X=1", colon);
    EXPECT_EQ(parts.letters, "RS");
    EXPECT_EQ(parts.tail, ",X=1");
}

TEST(FileName, is_understood_with_the_other_separator)
{
    EXPECT_EQ(split_name("a!2,S", colon).letters, "S");
    EXPECT_EQ(split_name("a:2,S", InfoSeparator::exclamation).letters, "S");
    EXPECT_EQ(split_name("a!2,x:2,S", colon).base, "a!2,x");
}

TEST(FileName, marks_survive_strangers_between_them)
{
    const Marks found = find_marks("1.host,S=99,U=12,W=3,FMD5=7e33429f656f1e6e9d79b29c3f82c57e");
    EXPECT_EQ(found.uid, 12U);
    EXPECT_EQ(found.md5, "7e33429f656f1e6e9d79b29c3f82c57e");
    EXPECT_EQ(
        without_marks("1.host,S=99,U=12,W=3,FMD5=7e33429f656f1e6e9d79b29c3f82c57e"),
        "1.host,S=99,W=3");
}

TEST(FileName, marks_that_are_none_are_none)
{
    EXPECT_EQ(find_marks("a,U=,FMD5=7e33").uid, 0U);
    EXPECT_EQ(find_marks("a,U=x").uid, 0U);
    EXPECT_EQ(find_marks("a,U=9999999999999999999999").uid, 0U);
    EXPECT_EQ(find_marks("a,U=5,FMD5=7e33429f656f1e6e9d79b29c3f82c57").md5, "");
    EXPECT_EQ(find_marks("a,U=5,FMD5=7E33429F656F1E6E9D79B29C3F82C57E").md5, "");
    EXPECT_EQ(find_marks("").uid, 0U);
    EXPECT_EQ(without_marks("a,U=,b,U=1,U=2"), "a,U=,b");
}

TEST(StemMaker, never_makes_the_same_twice)
{
    StemMaker stems;
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i)
        EXPECT_TRUE(seen.insert(stems.next()).second);
    for (int i = 0; i < 1000; ++i)
        EXPECT_TRUE(seen.insert(stems.next(std::chrono::sys_seconds())).second);
    EXPECT_THAT(*seen.begin(), testing::MatchesRegex("0_0\\.[0-9]+\\.[^/:]+"));
}

TEST(StemMaker, knows_its_own)
{
    StemMaker stems;
    EXPECT_TRUE(stems.is_ours(stems.next() + ",U=1,FMD5=x:2,"));
    EXPECT_FALSE(stems.is_ours("1234.M5P6.other"));
    EXPECT_FALSE(stems.is_ours("1234_0.77.some-other-host,U=1"));
    EXPECT_FALSE(stems.is_ours(""));
}

TEST(FlagLetters, name_flags_both_ways)
{
    const FlagLetters letters;
    Message message;
    message.flags = {Flag::seen,    Flag::answered, Flag::flagged,
                     Flag::deleted, Flag::draft,    Flag::forwarded};
    EXPECT_EQ(letters.letters(message), "DFPRST");
    EXPECT_EQ(letters.flags("DFPRST"), message.flags);
    EXPECT_EQ(letters.flags("xyzQ"), Set<Flag>());
}

TEST(FlagLetters, name_keywords_both_ways)
{
    std::array<std::string, 26> names;
    names[0] = "$Work";
    names[25] = "$Later";
    const FlagLetters letters(names);
    EXPECT_THAT(letters.known_keywords(), ElementsAre("$Later", "$Work"));
    EXPECT_THAT(letters.keywords("Szab"), ElementsAre("$Later", "$Work"));
    Message message;
    message.keywords = {"$WORK", "$unknown"};
    EXPECT_EQ(letters.letters(message), "a");
}

TEST(FlagLetters, keep_what_is_nobodys)
{
    const FlagLetters letters;
    Update update;
    update.add = {Flag::seen};
    update.drop = {Flag::flagged};
    EXPECT_EQ(letters.updated("FqZ", update), "SZq");
    EXPECT_EQ(letters.updated("SSR", {}), "RS");
}

TEST(FolderName, joins_and_splits)
{
    EXPECT_EQ(join({"a", "b"}, "."), "a.b");
    EXPECT_EQ(join({}, "."), "");
    EXPECT_THAT(split("", "."), IsEmpty());
    EXPECT_THAT(split(".Sent", "."), ElementsAre("", "Sent"));
    EXPECT_THAT(split("a--b", "--"), ElementsAre("a", "b"));
}

TEST(FolderName, hostile_ones_are_refused)
{
    const std::string nul("a\0b", 3);
    for (const FolderPath& path : std::vector<FolderPath> {
             {},
             {""},
             {"."},
             {".."},
             {"", ""},
             {"", "", ""},
             {"a", ""},
             {"a", "", "b"},
             {"a/b"},
             {"../x"},
             {"/etc"},
             {nul},
             {"a.b"},
             {"", "."},
             {"a", ".."},
             {std::string(256, 'a')}})
        EXPECT_THROW(check_path(path, "."), Error) << join(path, "|");
    for (const FolderPath& path : std::vector<FolderPath> {
             {},
             {""},
             {"", "a"},
             {".."},
             {"a", ".."},
             {"a", "."},
             {"a/b"},
             {"cur"},
             {"a", "new"},
             {"tmp", "a"},
             {"a", ""},
             {nul}})
        EXPECT_THROW(check_path(path, "/"), Error) << join(path, "|");
    EXPECT_THROW(check_path({"", ""}, ".."), Error);
}

TEST(FolderName, unusual_ones_are_welcome)
{
    EXPECT_NO_THROW(check_path({"", "Sent"}, "."));
    EXPECT_NO_THROW(check_path({"cur"}, "."));
    EXPECT_NO_THROW(check_path({"Entw\xc3\xbcrfe", "a b", "..."}, "/"));
    EXPECT_NO_THROW(check_path({"a", "..."}, "/"));
}

}  // namespace
}  // namespace offlineimap::maildir
