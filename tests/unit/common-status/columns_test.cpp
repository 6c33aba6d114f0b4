// SPDX-License-Identifier: Apache-2.0
#include "common-status/columns.hpp"

#include "store_fixture.hpp"

#include "common-status/letters.hpp"

namespace offlineimap::status {
namespace {

using test::make_record;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Columns, row_id_is_a_positive_decimal_in_its_only_spelling)
{
    EXPECT_EQ(row_id({"1"}), 1);
    EXPECT_EQ(row_id({"4294967295"}), 4294967295);
    EXPECT_EQ(row_id({"9223372036854775807"}), INT64_MAX);
    for (const char* text : {"", "0", "01", "-1", "+1", " 1", "1 ", "1a", "9223372036854775808"})
        EXPECT_EQ(row_id({text}), std::nullopt) << text;
}

TEST(Columns, labels_are_joined_and_split_as_the_original_does)
{
    EXPECT_EQ(join_labels(std::vector<std::string> {"a", "b c"}), "a, b c");
    EXPECT_THAT(split_labels("b c, a"), ElementsAre("a", "b c"));
    EXPECT_THAT(split_labels(" ,x,, y\t,"), ElementsAre("x", "y"));
    EXPECT_THAT(split_labels(""), IsEmpty());
}

TEST(Columns, lists_keep_any_text)
{
    const std::vector<std::string> items {"", "a, b", "back\\slash", "line\nend", "\\n"};
    EXPECT_EQ(split_list(join_list(items)), items);
    EXPECT_THAT(split_list(join_list({})), IsEmpty());
}

TEST(Letters, are_sorted_upper_before_lower)
{
    const Letters letters(Letters::Names {"$Work", "$Later"});
    Record record = make_record("1", {Flag::seen, Flag::flagged, Flag::draft, Flag::deleted});
    record.flags.add(Flag::answered).add(Flag::forwarded);
    record.keywords = {"$Later", "$Other", "$Work"};
    EXPECT_EQ(letters.write(record), "DFPRSTab");
    EXPECT_THAT(letters.without_letter(record), ElementsAre("$Other"));
}

TEST(Letters, are_read_back_and_strangers_passed_over)
{
    const Letters letters(Letters::Names {"$Work"});
    Record record;
    letters.read("DFPRSTXabz?", record);
    const Set<Flag> every {Flag::seen,    Flag::answered, Flag::flagged,
                           Flag::deleted, Flag::draft,    Flag::forwarded};
    EXPECT_EQ(record.flags, every);
    EXPECT_THAT(record.keywords, ElementsAre("$Work"));
}

TEST(Letters, a_letter_of_the_users_stands_for_forwarded)
{
    Letters::Names names;
    names[15] = "$forwarded";
    const Letters letters(names);
    const Record forwarded = make_record("1", {Flag::forwarded});
    EXPECT_EQ(letters.write(forwarded), "p");
    for (const char* column : {"p", "P"}) {
        Record record;
        letters.read(column, record);
        EXPECT_EQ(record.flags, forwarded.flags);
        EXPECT_THAT(record.keywords, IsEmpty());
    }
}

}  // namespace
}  // namespace offlineimap::status
