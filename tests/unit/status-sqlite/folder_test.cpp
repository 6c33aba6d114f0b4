// SPDX-License-Identifier: Apache-2.0
#include "status-sqlite/folder.hpp"

#include "fixture.hpp"

#include "status-sqlite/store.hpp"

namespace offlineimap::status_sqlite::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Folder = StoreTest;

std::vector<std::string> right_ids(const std::vector<Record>& records)
{
    std::vector<std::string> ids;
    for (const Record& record : records)
        ids.push_back(record.right.value);
    return ids;
}

/// One of every kind of record.
std::vector<Record> all_kinds()
{
    Record keywords = make_record("3", {Flag::seen});
    keywords.keywords = {"$Junk", "Zeta"};
    Record left = make_record("20");
    left.left.value = "77";
    Record odd_left = make_record("21");
    odd_left.left.value = "007";
    Record no_left = make_record("22");
    no_left.left.value.clear();
    Record labels = make_record("100", {Flag::flagged});
    labels.labels = {"Inbox", "Work things"};
    Record odd_labels = make_record("101");
    odd_labels.labels = {"", " blank", "a, b"};
    Record opaque = make_record("M0a1", {Flag::draft});
    opaque.keywords = {"k"};
    opaque.labels = {"x,y"};
    opaque.left.value = "5";
    return {make_record("1"), keywords, left, odd_left, no_left, labels, odd_labels, opaque};
}

TEST_F(Folder, keeps_every_kind_of_record_over_a_reopen)
{
    SqliteStore store(host);
    put(*store.open("INBOX"), all_kinds());
    auto folder = store.open("INBOX");
    EXPECT_EQ(all(*folder), all_kinds());
    EXPECT_EQ(folder->size(), all_kinds().size());
}

TEST_F(Folder, load_is_in_the_order_of_ids_also_between_numbers_and_texts)
{
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    std::vector<Record> records;
    for (const char* id : {"b", "10", "a1", "9", "0", "z", "100", "1", "007", "\xff\x01"})
        records.push_back(make_record(id));
    put(*folder, records);
    EXPECT_THAT(
        right_ids(all(*folder)),
        ElementsAre("0", "1", "9", "b", "z", "10", "a1", "\xff\x01", "007", "100"));
}

TEST_F(Folder, a_new_one_is_empty_and_looking_writes_nothing)
{
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    Collector found;
    folder->find(std::vector<MessageId> {{"1"}, {"x"}}, found);
    EXPECT_THAT(found.records, IsEmpty());
    EXPECT_THAT(all(*folder), IsEmpty());
    EXPECT_EQ(folder->size(), 0u);
    erase(*folder, {{"1"}});
    folder.reset();
    EXPECT_EQ(std::filesystem::file_size(file("INBOX")), 0u);
}

TEST_F(Folder, find_reports_the_known_ones_alone)
{
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    put(*folder, all_kinds());
    Collector found;
    folder->find(std::vector<MessageId> {{"100"}, {"2"}, {"M0a1"}, {"M0a2"}, {""}, {"3"}}, found);
    EXPECT_THAT(
        found.records,
        testing::UnorderedElementsAre(all_kinds()[1], all_kinds()[5], all_kinds()[7]));
}

TEST_F(Folder, put_replaces_and_leaves_nothing_of_the_old_record)
{
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    put(*folder, all_kinds());
    std::vector<Record> plain;
    for (const Record& record : all_kinds())
        plain.push_back(make_record(record.right.value, {Flag::answered}));
    put(*folder, plain);
    EXPECT_EQ(all(*folder), plain);
}

TEST_F(Folder, erase_comes_before_put_and_passes_over_unknown_ids)
{
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    put(*folder, all_kinds());
    const std::vector<Record> again {make_record("3")};
    const std::vector<MessageId> gone {{"3"}, {"20"}, {"M0a1"}, {"999"}, {"nobody"}};
    folder->apply({.put = again, .erase = gone});
    EXPECT_THAT(right_ids(all(*folder)), ElementsAre("1", "3", "21", "22", "100", "101"));
    EXPECT_EQ(all(*folder)[1], again[0]);
}

TEST_F(Folder, a_batch_that_fails_leaves_nothing)
{
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    auto with_bad = all_kinds();
    with_bad.push_back(make_record(""));
    EXPECT_EQ(error_of([&] { put(*folder, with_bad); }).code(), Errc::internal);
    EXPECT_THAT(all(*folder), IsEmpty());
    put(*folder, all_kinds());
    const std::vector<MessageId> gone {{"1"}};
    const std::vector<Record> bad {make_record("")};
    EXPECT_THROW(folder->apply({.put = bad, .erase = gone}), Error);
    EXPECT_EQ(all(*folder), all_kinds());
}

TEST_F(Folder, a_sink_that_throws_leaves_the_folder_usable)
{
    struct Thrower final : RecordSink {
        void record(const Record& /*record*/) override { throw Error(Errc::cancelled, "enough"); }
    } thrower;
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    put(*folder, all_kinds());
    EXPECT_THROW(folder->load(thrower), Error);
    EXPECT_THROW(folder->find(std::vector<MessageId> {{"1"}}, thrower), Error);
    erase(*folder, {{"1"}});
    EXPECT_EQ(all(*folder).size(), all_kinds().size() - 1);
}

TEST_F(Folder, keywords_with_a_letter_need_no_table_of_ours)
{
    host.values.values["customflag_a"] = "$Work";
    Record record = make_record("1", {Flag::seen});
    record.keywords = {"$Work"};
    SqliteStore store(host);
    put(*store.open("INBOX"), {record});
    EXPECT_THAT(sql("INBOX", "SELECT id, flags FROM status"), ElementsAre("1|Sa"));
    EXPECT_THAT(sql("INBOX", "SELECT count(*) FROM sqlite_master"), ElementsAre("3"));
    EXPECT_THAT(all(*store.open("INBOX")), ElementsAre(record));
}

TEST_F(Folder, a_letter_that_is_given_later_does_not_double_the_keyword)
{
    Record record = make_record("1");
    record.keywords = {"$Later", "$Work"};
    put(*SqliteStore(host).open("INBOX"), {record});
    host.values.values["customflag_a"] = "$Work";
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    EXPECT_THAT(all(*folder), ElementsAre(record));
    put(*folder, {record});
    EXPECT_THAT(all(*folder), ElementsAre(record));
}

}  // namespace
}  // namespace offlineimap::status_sqlite::test
