// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <sys/stat.h>

namespace offlineimap::status_plain::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class Notes : public StoreTest {
protected:
    fs::path file = host.directory / "LocalStatus-plain" / "notes";
};

TEST_F(Notes, an_account_without_any_gets_no_file)
{
    PlainStore store(host);
    EXPECT_THAT(store.notes(), IsEmpty());
    store.put({});
    store.erase("INBOX");
    EXPECT_TRUE(fs::is_empty(host.directory));
}

TEST_F(Notes, are_kept_replaced_and_removed)
{
    const std::vector<Note> first {
        {"INBOX", "token", std::string("a\0b\n", 4)}, {"INBOX", "upload", "x"}, {"", "token", "y"}};
    const std::vector<Note> second {{"INBOX", "upload", ""}, {"", "token", "z"}, {"no", "one", ""}};
    PlainStore(host).put(first);
    EXPECT_THAT(PlainStore(host).notes(), UnorderedElementsAre(first[0], first[1], first[2]));
    PlainStore store(host);
    store.put(second);
    EXPECT_THAT(store.notes(), UnorderedElementsAre(first[0], second[1]));
}

TEST_F(Notes, the_file_does_not_grow_for_ever)
{
    const std::string value(1000, 'x');
    for (int round = 0; round < 3; ++round) {
        PlainStore store(host);
        for (int i = 0; i < 100; ++i)
            store.put(std::vector<Note> {{"INBOX", "token", value + std::to_string(i)}});
    }
    EXPECT_LT(fs::file_size(file), 70'000u);
    EXPECT_THAT(PlainStore(host).notes(), ElementsAre(Note {"INBOX", "token", value + "99"}));
}

TEST_F(Notes, of_another_process_are_busy)
{
    PlainStore first(host), second(host);
    first.put(std::vector<Note> {{"INBOX", "token", "1"}});
    EXPECT_EQ(error_of([&] { static_cast<void>(second.notes()); }).code(), Errc::busy);
    for (int i = 0; i < 100; ++i)
        first.put(std::vector<Note> {{"INBOX", "token", std::string(1000, 'x')}});
    EXPECT_EQ(error_of([&] { static_cast<void>(second.notes()); }).code(), Errc::busy);
}

TEST_F(Notes, that_cannot_be_read_are_corrupt)
{
    write(file, std::string(5000, 'x'));
    PlainStore store(host);
    const Error error = error_of([&] { static_cast<void>(store.notes()); });
    EXPECT_EQ(error.code(), Errc::corrupt);
    EXPECT_EQ(error.scope(), Scope::repository);
    write(file, "offlineimap status notes 2\n");
    EXPECT_THAT(error_of([&] { static_cast<void>(store.notes()); }).what(), HasSubstr("version 2"));
}

TEST_F(Notes, go_with_their_folder)
{
    const std::vector<Note> notes {{"INBOX", "token", "1"}, {"Work", "token", "2"}};
    PlainStore store(host);
    store.put(notes);
    put(*store.open("INBOX"), {make_record("1")});
    store.erase("INBOX");
    EXPECT_THAT(store.notes(), ElementsAre(notes[1]));
    EXPECT_THAT(store.folders(), IsEmpty());
}

TEST_F(StoreTest, nobody_else_may_read_it)
{
    const mode_t before = ::umask(0);
    keep(every_kind());
    PlainStore(host).put(std::vector<Note> {{"INBOX", "token", "1"}});
    ::umask(before);
    for (const auto& entry : fs::recursive_directory_iterator(host.directory)) {
        const auto allowed = entry.is_directory() ? fs::perms::owner_all
                                                  : fs::perms::owner_read | fs::perms::owner_write;
        EXPECT_EQ(entry.status().permissions(), allowed) << entry.path();
    }
}

}  // namespace
}  // namespace offlineimap::status_plain::test
