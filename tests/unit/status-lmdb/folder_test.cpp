// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <sys/stat.h>
#include <thread>

namespace offlineimap::status_lmdb::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

using Folder = StoreTest;

TEST_F(Folder, the_map_grows_by_itself)
{
    const auto records = many(100'000);
    LmdbStore store(host);
    const auto folder = store.open("INBOX");
    for (std::size_t at = 0; at < records.size(); at += 20'000)
        folder->apply({.put = std::span(records).subspan(at, 20'000), .erase = {}});
    EXPECT_GT(fs::file_size(file()), 1u << 20);
    EXPECT_EQ(folder->size(), records.size());
    EXPECT_EQ(all(*folder).size(), records.size());
}

TEST_F(Folder, the_map_grows_while_others_read)
{
    LmdbStore store(host);
    put(*store.open("Read"), many(10'000));
    const std::jthread reader([&](const std::stop_token& stop) {
        const auto folder = store.open("Read");
        while (!stop.stop_requested())
            EXPECT_THAT(all(*folder), SizeIs(10'000));
    });
    put(*store.open("INBOX"), many(100'000));
    EXPECT_GT(fs::file_size(file()), 1u << 20);
}

TEST_F(Folder, a_sink_may_use_the_store)
{
    LmdbStore store(host);
    const auto folder = store.open("INBOX"), other = store.open("Other");
    put(*folder, many(5000));
    struct Copier final : RecordSink {
        StatusFolder* to = nullptr;
        void record(const Record& record) override
        {
            to->apply({.put = {&record, 1}, .erase = {}});
        }
    } copier;
    copier.to = other.get();
    host.values.values["fsync"] = "no";
    folder->load(copier);
    EXPECT_EQ(all(*other), all(*folder));
}

TEST_F(Folder, parts_of_every_size_are_loaded_once)
{
    for (const int count : {4095, 4096, 4097, 8192}) {
        LmdbStore(host).erase("INBOX");
        keep(many(count));
        EXPECT_EQ(now(), many(count)) << count;
    }
}

TEST_F(Folder, a_batch_that_fails_leaves_nothing)
{
    LmdbStore store(host);
    const auto folder = store.open("INBOX");
    put(*folder, {make_record("1")});
    const std::vector<Record> bad {make_record("2"), make_record(std::string(600, 'x'))};
    const Error error = error_of([&] { put(*folder, bad); });
    EXPECT_EQ(error.code(), Errc::unsupported);
    EXPECT_THAT(error.what(), testing::HasSubstr("too long"));
    EXPECT_EQ(error_of([&] { put(*folder, {make_record("")}); }).code(), Errc::internal);
    EXPECT_THAT(all(*folder), ElementsAre(make_record("1")));
    EXPECT_EQ(folder->size(), 1u);
}

TEST_F(Folder, an_account_that_is_only_looked_at_gets_no_files)
{
    LmdbStore store(host);
    EXPECT_THAT(store.folders(), IsEmpty());
    EXPECT_THAT(store.notes(), IsEmpty());
    store.put({});
    store.erase("INBOX");
    EXPECT_TRUE(fs::is_empty(host.directory));
}

TEST_F(Folder, nobody_else_may_read_it)
{
    const mode_t before = ::umask(0);
    keep(many(1));
    ::umask(before);
    for (const auto& entry : fs::recursive_directory_iterator(host.directory)) {
        const auto allowed = entry.is_directory() ? fs::perms::owner_all
                                                  : fs::perms::owner_read | fs::perms::owner_write;
        EXPECT_EQ(entry.status().permissions(), allowed) << entry.path();
    }
}

TEST_F(Folder, an_erased_folders_number_is_not_used_again)
{
    keep(many(10));
    LmdbStore store(host);
    store.erase("INBOX");
    put(*store.open("Other"), {make_record("77")});
    EXPECT_THAT(all(*store.open("INBOX")), IsEmpty());
    EXPECT_THAT(store.folders(), ElementsAre("Other"));
}

TEST_F(Folder, names_that_begin_alike_are_apart)
{
    LmdbStore store(host);
    const std::vector<Note> notes {{"a", "b", "1"}, {"a", "bb", "2"}, {"ab", "b", "3"}};
    store.put(notes);
    EXPECT_THAT(store.notes(), testing::UnorderedElementsAreArray(notes));
    put(*store.open("a"), {make_record("1")});
    put(*store.open("ab"), {make_record("2")});
    store.erase("a");
    EXPECT_THAT(store.notes(), ElementsAre(notes[2]));
    EXPECT_THAT(all(*store.open("ab")), ElementsAre(make_record("2")));
}

}  // namespace
}  // namespace offlineimap::status_lmdb::test
