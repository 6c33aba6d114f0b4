// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include "status-sqlite/store.hpp"

// What the original offlineimap finds in our files, and what it does to them meanwhile.

namespace offlineimap::status_sqlite::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Original = StoreTest;

constexpr auto version_1 =
    "CREATE TABLE metadata (key VARCHAR(50) PRIMARY KEY, value VARCHAR(128));"
    "INSERT INTO metadata VALUES('db_version','1');"
    "CREATE TABLE status (id INTEGER PRIMARY KEY, flags VARCHAR(50));"
    "INSERT INTO status VALUES(5,'FS'),(7,'')";

constexpr auto version_2 =
    "CREATE TABLE metadata (key VARCHAR(50) PRIMARY KEY, value VARCHAR(128));"
    "INSERT INTO metadata VALUES('db_version','2');"
    "CREATE TABLE status (id INTEGER PRIMARY KEY, flags VARCHAR(50), mtime INTEGER, "
    "labels VARCHAR(256));"
    "INSERT INTO status VALUES(5,'RS',17,'b, a'),(7,'',0,NULL),(-1,'S',0,'')";

TEST_F(Original, finds_its_own_schema_to_the_byte)
{
    put(*SqliteStore(host).open("INBOX"), {make_record("2", {Flag::seen, Flag::flagged})});
    EXPECT_THAT(
        sql("INBOX", "SELECT sql FROM sqlite_master ORDER BY rowid"),
        ElementsAre(
            "CREATE TABLE metadata (key VARCHAR(50) PRIMARY KEY, value VARCHAR(128))", "NULL",
            "CREATE TABLE status (id INTEGER PRIMARY KEY, flags VARCHAR(50), mtime INTEGER, "
            "labels VARCHAR(256))"));
    EXPECT_THAT(sql("INBOX", "SELECT * FROM metadata"), ElementsAre("db_version|2"));
    EXPECT_THAT(sql("INBOX", "SELECT * FROM status"), ElementsAre("2|FS|0|"));
    EXPECT_THAT(
        sql("INBOX", "PRAGMA user_version; PRAGMA journal_mode; PRAGMA encoding"),
        ElementsAre("0", "delete", "UTF-8"));
    EXPECT_FALSE(std::filesystem::exists(file("INBOX-journal")));
}

TEST_F(Original, its_rows_are_read_and_what_is_its_own_stays)
{
    sql("INBOX", version_2);
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    Record five = make_record("5", {Flag::answered, Flag::seen});
    five.labels = {"a", "b"};
    EXPECT_THAT(all(*folder), ElementsAre(five, make_record("7")));
    EXPECT_EQ(folder->size(), 2u);
    five.flags.add(Flag::flagged);
    put(*folder, {five});
    folder.reset();
    EXPECT_THAT(sql("INBOX", "SELECT * FROM status WHERE id = 5"), ElementsAre("5|FRS|17|a, b"));
}

TEST_F(Original, version_1_becomes_version_2)
{
    sql("INBOX", version_1);
    SqliteStore store(host);
    EXPECT_THAT(
        all(*store.open("INBOX")),
        ElementsAre(make_record("5", {Flag::flagged, Flag::seen}), make_record("7")));
    EXPECT_THAT(host.lines, ElementsAre(HasSubstr("INBOX from version 1 to version 2")));
    EXPECT_THAT(
        sql("INBOX", "SELECT sql FROM sqlite_master WHERE name = 'status'"),
        ElementsAre("CREATE TABLE status (id INTEGER PRIMARY KEY, flags VARCHAR(50), mtime INTEGER "
                    "DEFAULT 0, labels VARCHAR(256) DEFAULT '')"));
    EXPECT_THAT(sql("INBOX", "SELECT * FROM metadata"), ElementsAre("db_version|2"));
    EXPECT_THAT(sql("INBOX", "SELECT * FROM status"), ElementsAre("5|FS|0|", "7||0|"));
    store.open("INBOX");
    EXPECT_EQ(host.lines.size(), 1u);
}

TEST_F(Original, an_upgrade_that_stopped_half_way_is_finished)
{
    sql("INBOX", version_1);
    sql("INBOX", "ALTER TABLE status ADD mtime INTEGER DEFAULT 0");
    EXPECT_EQ(all(*SqliteStore(host).open("INBOX")).size(), 2u);
    EXPECT_THAT(sql("INBOX", "SELECT * FROM status"), ElementsAre("5|FS|0|", "7||0|"));
}

TEST_F(Original, a_creation_that_stopped_half_way_is_finished)
{
    sql("INBOX", "CREATE TABLE metadata (key VARCHAR(50) PRIMARY KEY, value VARCHAR(128))");
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    EXPECT_THAT(all(*folder), IsEmpty());
    put(*folder, {make_record("1")});
    EXPECT_THAT(all(*folder), ElementsAre(make_record("1")));
}

/// A record that needs our table, as it is before the original works on the file.
class Meanwhile : public StoreTest {
protected:
    Meanwhile()
    {
        record.left.value = "9";
        record.keywords = {"$Work"};
        record.labels = {"a,b"};
        put(*SqliteStore(host).open("INBOX"), {record});
    }

    std::vector<Record> now()
    {
        SqliteStore store(host);
        return all(*store.open("INBOX"));
    }

    Record record = make_record("1", {Flag::seen});
};

TEST_F(Meanwhile, new_flags_leave_what_is_ours)
{
    sql("INBOX", "UPDATE status SET flags = 'RS', mtime = 4, labels = 'a,b' WHERE id = 1");
    record.flags.add(Flag::answered);
    EXPECT_THAT(now(), ElementsAre(record));
}

TEST_F(Meanwhile, new_labels_count)
{
    sql("INBOX", "UPDATE status SET labels = 'z' WHERE id = 1");
    record.labels = {"z"};
    EXPECT_THAT(now(), ElementsAre(record));
}

TEST_F(Meanwhile, a_row_that_went_takes_ours_along)
{
    sql("INBOX", "DELETE FROM status WHERE id = 1");
    EXPECT_THAT(now(), IsEmpty());
    EXPECT_THAT(sql("INBOX", "SELECT * FROM offlineimap_extra"), IsEmpty());
    sql("INBOX", "INSERT INTO status (id,flags,mtime,labels) VALUES (1,'F',0,'')");
    EXPECT_THAT(now(), ElementsAre(make_record("1", {Flag::flagged})));
}

TEST_F(Meanwhile, a_row_that_was_replaced_takes_ours_along)
{
    sql("INBOX", "INSERT OR REPLACE INTO status (id,flags,mtime,labels) VALUES (1,'F',0,'')");
    EXPECT_THAT(now(), ElementsAre(make_record("1", {Flag::flagged})));
}

}  // namespace
}  // namespace offlineimap::status_sqlite::test
