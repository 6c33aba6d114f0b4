// SPDX-License-Identifier: Apache-2.0
#include "status-sqlite/store.hpp"

#include "fixture.hpp"

#include <fstream>
#include <sys/stat.h>

namespace offlineimap::status_sqlite::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

namespace fs = std::filesystem;

using Store = StoreTest;

unsigned mode(const fs::path& path)
{
    struct stat facts = {};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0);
    return facts.st_mode & 07777u;
}

TEST_F(Store, lists_the_folders_that_have_a_file)
{
    SqliteStore store(host);
    EXPECT_THAT(store.folders(), IsEmpty());
    for (const char* name : {"INBOX", "INBOX.sub & more", "K\xc3\xa4se", "file:x?mode=memory"})
        put(*store.open(name), {make_record("1")});
    EXPECT_THAT(
        store.folders(),
        UnorderedElementsAre("INBOX", "INBOX.sub & more", "K\xc3\xa4se", "file:x?mode=memory"));
    EXPECT_TRUE(fs::exists(file("file:x?mode=memory")));
}

TEST_F(Store, a_journal_that_a_crash_left_is_no_folder)
{
    put(*SqliteStore(host).open("INBOX"), {make_record("1")});
    std::ofstream(file("INBOX-journal")) << "left over";
    EXPECT_THAT(SqliteStore(host).folders(), UnorderedElementsAre("INBOX"));
}

TEST_F(Store, nobody_else_may_read_it)
{
    const mode_t before = ::umask(0);
    SqliteStore store(host);
    put(*store.open("INBOX"), {make_record("1")});
    store.put(std::vector<Note> {{"INBOX", "token", "1"}});
    ::umask(before);
    EXPECT_EQ(mode(file("INBOX").parent_path()), 0700u);
    EXPECT_EQ(mode(file("INBOX")), 0600u);
    EXPECT_EQ(mode(host.directory / "LocalStatus-notes.sqlite"), 0600u);
}

TEST_F(Store, refuses_names_that_lead_elsewhere)
{
    SqliteStore store(host);
    for (const std::string& name :
         {std::string(), std::string("."), std::string(".."), std::string("../x"),
          std::string("a/b"), std::string("a\0b", 3)}) {
        EXPECT_EQ(error_of([&] { store.open(name); }).code(), Errc::unsupported) << name;
        EXPECT_EQ(error_of([&] { store.erase(name); }).code(), Errc::unsupported) << name;
    }
    EXPECT_TRUE(fs::is_empty(host.directory));
}

TEST_F(Store, erase_forgets_the_folder_and_succeeds_twice)
{
    SqliteStore store(host);
    put(*store.open("INBOX"), {make_record("1")});
    store.erase("INBOX");
    EXPECT_FALSE(fs::exists(file("INBOX")));
    store.erase("INBOX");
    EXPECT_THAT(all(*store.open("INBOX")), IsEmpty());
}

TEST_F(Store, erase_waits_for_nobody_and_takes_no_open_folder_away)
{
    SqliteStore store(host);
    auto folder = store.open("INBOX");
    put(*folder, {make_record("1")});
    EXPECT_EQ(error_of([&] { store.erase("INBOX"); }).code(), Errc::busy);
    EXPECT_EQ(all(*folder).size(), 1u);
}

TEST_F(Store, a_name_that_sqlite_takes_for_its_journal_is_refused)
{
    SqliteStore store(host);
    put(*store.open("Work-journal"), {make_record("1")});
    EXPECT_THAT(error_of([&] { store.open("Work"); }).what(), HasSubstr("give one of the folders"));
    EXPECT_FALSE(fs::exists(file("Work")));
    EXPECT_EQ(all(*store.open("Work-journal")).size(), 1u);
    put(*store.open("Mail"), {make_record("1")});
    for (const char* name : {"Mail-journal", "Mail-wal", "Mail-shm"})
        EXPECT_EQ(error_of([&] { store.open(name); }).code(), Errc::unsupported) << name;
    EXPECT_EQ(all(*store.open("Mail")).size(), 1u);
}

TEST_F(Store, constructor_does_nothing)
{
    host.directory /= "missing";
    const SqliteStore store(host);
    EXPECT_FALSE(fs::exists(host.directory));
    host.directory = host.directory.parent_path();
}

TEST_F(Store, flushing_changes_nothing_that_can_be_seen)
{
    host.values.values["fsync"] = "yes";
    SqliteStore store(host);
    put(*store.open("INBOX"), {make_record("1")});
    EXPECT_EQ(all(*store.open("INBOX")).size(), 1u);
}

}  // namespace
}  // namespace offlineimap::status_sqlite::test
