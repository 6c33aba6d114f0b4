// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

// What the original finds in our files, and what it does to them meanwhile.

namespace offlineimap::status_plain::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using Original = StoreTest;

TEST_F(Original, finds_its_own_format_to_the_byte)
{
    Record labels = make_record("10", {Flag::seen, Flag::flagged});
    labels.labels = {"Inbox", "Work"};
    keep({labels, make_record("9")});
    EXPECT_EQ(read(original()), head_2 + "9||0|\n10|FS|0|Inbox, Work\n");
    EXPECT_FALSE(fs::exists(ours("extra")));
}

TEST_F(Original, what_it_cannot_hold_is_elsewhere)
{
    keep(every_kind());
    EXPECT_EQ(
        read(original()),
        head_2 + "1||0|\n2|S|0|\n10|FR|0|Inbox, Work\n11|D|0|a, b, line end\n4294967295||0|\n");
    EXPECT_EQ(now(), every_kind());
}

TEST_F(Original, its_rows_are_read_and_what_is_its_own_stays)
{
    write(original(), head_2 + "7||0|\n5|RSX|17|b, a\n");
    Record five = make_record("5", {Flag::answered, Flag::seen});
    five.labels = {"a", "b"};
    EXPECT_EQ(now(), (std::vector {five, make_record("7")}));
    keep({make_record("6")});
    EXPECT_EQ(read(original()), head_2 + "5|RSX|17|b, a\n6||0|\n7||0|\n");
    five.flags.add(Flag::flagged);
    keep({five});
    EXPECT_EQ(read(original()), head_2 + "5|FRS|17|a, b\n6||0|\n7||0|\n");
}

TEST_F(Original, format_1_is_read_and_written_as_such)
{
    write(original(), head_1 + "5:FS\n7:\n");
    EXPECT_THAT(
        now(), ElementsAre(make_record("5", {Flag::flagged, Flag::seen}), make_record("7")));
    Record more = make_record("8", {Flag::seen});
    more.labels = {"Work"};
    keep({more});
    EXPECT_EQ(read(original()), head_1 + "5:FS\n7:\n8:S\n");
    EXPECT_EQ(now()[2], more);
}

TEST_F(Original, the_last_of_two_lines_counts_and_messages_without_id_do_not)
{
    write(original(), head_2 + "5||0|\n-1|S|0|\n9||0|\n5|S|0|\n0||0|\n");
    EXPECT_THAT(now(), ElementsAre(make_record("5", {Flag::seen}), make_record("9")));
}

TEST_F(Original, an_empty_file_is_an_empty_folder)
{
    write(original(), "");
    EXPECT_THAT(now(), IsEmpty());
    keep({make_record("1")});
    EXPECT_EQ(read(original()), head_2 + "1||0|\n");
}

TEST_F(Original, looking_leaves_its_file_as_it_is)
{
    write(original(), head_2 + "7||0|\n5|S|0|\n");
    const auto before = fs::last_write_time(original());
    now();
    {
        PlainStore store(host);
        auto folder = store.open("INBOX");
        erase(*folder, {{"99"}});
        folder->apply({});
    }
    EXPECT_EQ(fs::last_write_time(original()), before);
    EXPECT_EQ(read(original()), head_2 + "7||0|\n5|S|0|\n");
}

TEST_F(Original, is_written_once_however_many_batches_there_are)
{
    PlainStore store(host);
    auto folder = store.open("INBOX");
    for (int id = 1; id <= 100; ++id)
        put(*folder, {make_record(std::to_string(id))});
    EXPECT_FALSE(fs::exists(original()));
    folder.reset();
    EXPECT_TRUE(fs::exists(original()));
}

TEST_F(Original, what_it_wrote_since_wins)
{
    Record keyword = make_record("1");
    keyword.keywords = {"$Work"};
    keep({keyword, make_record("2")});
    replace(original(), head_2 + "1|S|0|\n3||0|\n");
    keyword.flags.add(Flag::seen);
    EXPECT_THAT(now(), ElementsAre(keyword, make_record("3")));
    EXPECT_THAT(host.lines, IsEmpty());
}

TEST_F(Original, a_folder_that_it_removed_is_empty)
{
    keep(every_kind());
    fs::remove(original());
    EXPECT_THAT(now(), IsEmpty());
}

TEST_F(Original, what_it_left_half_written_is_no_folder)
{
    keep({make_record("1")});
    write(original("INBOX.tmp"), head_2 + "1|");
    EXPECT_THAT(PlainStore(host).folders(), UnorderedElementsAre("INBOX"));
    EXPECT_THAT(now(), ElementsAre(make_record("1")));
    {
        PlainStore store(host);
        fs::remove(original("INBOX.tmp"));
        put(*store.open("INBOX.tmp"), {make_record("2")});
    }
    EXPECT_THAT(PlainStore(host).folders(), UnorderedElementsAre("INBOX", "INBOX.tmp"));
}

TEST_F(Original, keywords_with_a_letter_need_no_file_of_ours)
{
    host.values.values["customflag_a"] = "$Work";
    Record record = make_record("1", {Flag::seen});
    record.keywords = {"$Work"};
    keep({record});
    EXPECT_EQ(read(original()), head_2 + "1|Sa|0|\n");
    EXPECT_FALSE(fs::exists(ours("extra")));
    EXPECT_THAT(now(), ElementsAre(record));
}

TEST_F(Original, new_labels_count)
{
    Record record = make_record("1");
    record.labels = {"a,b"};
    keep({record});
    EXPECT_THAT(now(), ElementsAre(record));
    replace(original(), head_2 + "1||0|z\n");
    record.labels = {"z"};
    EXPECT_THAT(now(), ElementsAre(record));
}

}  // namespace
}  // namespace offlineimap::status_plain::test
