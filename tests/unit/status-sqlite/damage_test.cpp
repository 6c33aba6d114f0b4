// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include "status-sqlite/store.hpp"

#include <fstream>

namespace offlineimap::status_sqlite::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

namespace fs = std::filesystem;

class Damage : public StoreTest {
protected:
    void write(std::string_view folder, std::string_view bytes)
    {
        fs::create_directories(file(folder).parent_path());
        std::ofstream(file(folder), std::ios::binary) << bytes;
    }

    Error opening(std::string_view folder)
    {
        SqliteStore store(host);
        return error_of([&] { all(*store.open(folder)); });
    }
};

TEST_F(Damage, garbage_is_corrupt_and_stays_as_it_is)
{
    const std::string garbage(5000, 'x');
    write("INBOX", garbage);
    const Error error = opening("INBOX");
    EXPECT_EQ(error.code(), Errc::corrupt);
    EXPECT_EQ(error.scope(), Scope::folder);
    EXPECT_THAT(error.what(), HasSubstr(file("INBOX").string()));
    EXPECT_EQ(fs::file_size(file("INBOX")), garbage.size());
}

TEST_F(Damage, a_truncated_file_is_corrupt)
{
    SqliteStore store(host);
    std::vector<Record> records;
    for (int id = 1; id < 2000; ++id)
        records.push_back(make_record(std::to_string(id)));
    put(*store.open("INBOX"), records);
    fs::resize_file(file("INBOX"), fs::file_size(file("INBOX")) / 2);
    EXPECT_EQ(opening("INBOX").code(), Errc::corrupt);
}

TEST_F(Damage, a_page_of_nonsense_is_corrupt)
{
    SqliteStore store(host);
    std::vector<Record> records;
    for (int id = 1; id < 2000; ++id)
        records.push_back(make_record(std::to_string(id)));
    put(*store.open("INBOX"), records);
    std::fstream bytes(file("INBOX"), std::ios::binary | std::ios::in | std::ios::out);
    bytes.seekp(4 * 4096) << std::string(4096, '\x5a');
    bytes.close();
    EXPECT_EQ(opening("INBOX").code(), Errc::corrupt);
}

TEST_F(Damage, a_newer_version_is_refused_with_both_versions)
{
    put(*SqliteStore(host).open("INBOX"), {make_record("1")});
    sql("INBOX", "UPDATE metadata SET value = '3'");
    const Error error = opening("INBOX");
    EXPECT_EQ(error.code(), Errc::corrupt);
    EXPECT_THAT(
        error.what(),
        AllOf(
            HasSubstr(file("INBOX").string()), HasSubstr("version 3"),
            HasSubstr("versions 1 and 2")));
}

TEST_F(Damage, tables_of_something_else_are_corrupt)
{
    sql("INBOX", "CREATE TABLE bookmarks (url TEXT)");
    EXPECT_EQ(opening("INBOX").code(), Errc::corrupt);
    sql("Work", "CREATE TABLE status (id INTEGER PRIMARY KEY, flags VARCHAR(50))");
    EXPECT_EQ(opening("Work").code(), Errc::corrupt);
    sql("Sent",
        "CREATE TABLE metadata (key VARCHAR(50) PRIMARY KEY, value VARCHAR(128));"
        "INSERT INTO metadata VALUES('db_version','2'); CREATE TABLE status (id INTEGER)");
    EXPECT_THAT(opening("Sent").what(), HasSubstr("no column flags"));
}

TEST_F(Damage, a_directory_in_the_way_is_an_input_output_error)
{
    fs::create_directories(file("INBOX"));
    const Error error = opening("INBOX");
    EXPECT_EQ(error.code(), Errc::io);
    EXPECT_EQ(error.scope(), Scope::folder);
}

TEST_F(Damage, erase_removes_garbage_too)
{
    write(
        "INBOX",
        "not a database, but long enough to be read as the head of one, as it has to be"
        " a hundred bytes");
    SqliteStore(host).erase("INBOX");
    EXPECT_FALSE(fs::exists(file("INBOX")));
}

TEST_F(Damage, notes_that_cannot_be_read_are_corrupt)
{
    std::ofstream(host.directory / "LocalStatus-notes.sqlite") << std::string(5000, 'x');
    SqliteStore store(host);
    const Error error = error_of([&] { store.notes(); });
    EXPECT_EQ(error.code(), Errc::corrupt);
    EXPECT_EQ(error.scope(), Scope::repository);
}

TEST_F(Damage, notes_of_a_newer_version_are_refused)
{
    const std::vector<Note> notes {{"INBOX", "token", "1"}};
    SqliteStore(host).put(notes);
    sql("../LocalStatus-notes.sqlite", "PRAGMA user_version = 2");
    SqliteStore store(host);
    EXPECT_THAT(error_of([&] { store.notes(); }).what(), HasSubstr("version 2"));
}

}  // namespace
}  // namespace offlineimap::status_sqlite::test
