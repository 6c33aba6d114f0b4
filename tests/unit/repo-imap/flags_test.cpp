// SPDX-License-Identifier: Apache-2.0
#include "protocol/flags.hpp"

#include <gmock/gmock.h>

namespace offlineimap::imap::test {

using ::testing::ElementsAre;

TEST(Flags, know_the_system_flags_in_any_case)
{
    FlagList list;
    for (const auto* flag : {"\\sEEN", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"})
        list.add(flag);
    list.finish();
    EXPECT_EQ(
        list.flags,
        (Set<Flag> {Flag::seen, Flag::answered, Flag::flagged, Flag::deleted, Flag::draft}));
    EXPECT_TRUE(list.keywords.empty());
}

TEST(Flags, sort_keywords_and_pass_over_unknown_system_flags)
{
    FlagList list;
    for (const auto* flag : {"work", "\\Recent", "$Junk", "$forwarded", "\\*", "work"})
        list.add(flag);
    list.finish();
    EXPECT_THAT(list.keywords, ElementsAre("$Junk", "work"));
    EXPECT_EQ(list.flags, Set<Flag> {Flag::forwarded});
    EXPECT_TRUE(list.any_keyword);
}

TEST(Flags, write_atoms_only)
{
    EXPECT_EQ(
        flag_text(
            {Flag::seen, Flag::forwarded}, {"a", "b c", "d)", "e\r\nX LOGOUT", "", "\xc3\xa9"}),
        "\\Seen $Forwarded a");
    EXPECT_EQ(flag_text({}, {}), "");
}

}  // namespace offlineimap::imap::test
