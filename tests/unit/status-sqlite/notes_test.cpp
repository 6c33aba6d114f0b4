// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include "status-sqlite/store.hpp"

namespace offlineimap::status_sqlite::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

using Notes = StoreTest;

TEST_F(Notes, an_account_without_any_gets_no_file)
{
    SqliteStore store(host);
    EXPECT_THAT(store.notes(), IsEmpty());
    store.put({});
    store.erase("INBOX");
    EXPECT_TRUE(std::filesystem::is_empty(host.directory));
}

TEST_F(Notes, are_kept_replaced_and_removed)
{
    const std::vector<Note> first {
        {"INBOX", "token", std::string("a\0b\n", 4)}, {"INBOX", "upload", "x"}, {"", "token", "y"}};
    const std::vector<Note> second {{"INBOX", "upload", ""}, {"", "token", "z"}, {"no", "one", ""}};
    SqliteStore(host).put(first);
    EXPECT_THAT(SqliteStore(host).notes(), UnorderedElementsAre(first[0], first[1], first[2]));
    SqliteStore store(host);
    store.put(second);
    EXPECT_THAT(store.notes(), UnorderedElementsAre(first[0], second[1]));
}

TEST_F(Notes, go_with_their_folder)
{
    const std::vector<Note> notes {{"INBOX", "token", "1"}, {"Work", "token", "2"}};
    SqliteStore store(host);
    store.put(notes);
    put(*store.open("INBOX"), {make_record("1")});
    store.erase("INBOX");
    EXPECT_THAT(store.notes(), ElementsAre(notes[1]));
    EXPECT_THAT(store.folders(), IsEmpty());
}

}  // namespace
}  // namespace offlineimap::status_sqlite::test
