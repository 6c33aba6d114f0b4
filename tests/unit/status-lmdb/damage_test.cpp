// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include <fstream>
#include <lmdb.h>

namespace offlineimap::status_lmdb::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Damage : public StoreTest {
protected:
    Error opening()
    {
        LmdbStore store(host);
        return error_of([&] { all(*store.open("INBOX")); });
    }
    void expect_corrupt(std::string_view why)
    {
        const Error error = opening();
        EXPECT_EQ(error.code(), Errc::corrupt);
        EXPECT_EQ(error.scope(), Scope::repository);
        EXPECT_THAT(error.what(), AllOf(HasSubstr(file().string()), HasSubstr(std::string(why))));
    }
    /// Does to the file what another program would.
    void put_raw(std::string key, std::string value)
    {
        fs::create_directories(directory());
        MDB_env* environment = nullptr;
        MDB_txn* transaction = nullptr;
        MDB_dbi table = 0;
        ASSERT_EQ(mdb_env_create(&environment), 0);
        ASSERT_EQ(mdb_env_open(environment, directory().c_str(), 0, 0600), 0);
        ASSERT_EQ(mdb_txn_begin(environment, nullptr, 0, &transaction), 0);
        ASSERT_EQ(mdb_dbi_open(transaction, nullptr, 0, &table), 0);
        MDB_val name {key.size(), key.data()}, data {value.size(), value.data()};
        ASSERT_EQ(mdb_put(transaction, table, &name, &data, 0), 0);
        ASSERT_EQ(mdb_txn_commit(transaction), 0);
        mdb_env_close(environment);
    }
};

TEST_F(Damage, garbage_is_corrupt_and_stays_as_it_is)
{
    fs::create_directories(directory());
    const std::string garbage(100'000, 'x');
    std::ofstream(file()) << garbage;
    expect_corrupt("");
    EXPECT_EQ(fs::file_size(file()), garbage.size());
}

TEST_F(Damage, a_truncated_file_is_corrupt_wherever_it_ends)
{
    keep(many(5000));
    const auto whole = fs::file_size(file());
    for (auto size = whole - 4096; size >= 8192; size -= 8192) {
        fs::resize_file(file(), size);
        expect_corrupt("cut short");
    }
    for (const std::uint64_t size : {4096u, 100u, 1u, 0u}) {
        fs::resize_file(file(), size);
        EXPECT_EQ(opening().code(), Errc::corrupt) << size;
    }
}

TEST_F(Damage, a_newer_version_is_refused_with_both_versions)
{
    keep(many(1));
    put_raw("version", "2");
    expect_corrupt("version 2, this offlineimap knows the version 1");
}

TEST_F(Damage, a_database_of_something_else_is_refused)
{
    put_raw("bookmark", "x");
    expect_corrupt("something else");
}

TEST_F(Damage, values_of_nonsense_are_corrupt)
{
    keep(many(1));
    put_raw(std::string("r\0\0\0\0\0\1\x31", 8), std::string("\x02\x7f", 2));
    expect_corrupt("message 1 of INBOX");
    put_raw("fINBOX", "");
    expect_corrupt("entry of a folder");
}

TEST_F(Damage, an_empty_file_is_a_new_environment_if_nothing_was_in_it)
{
    fs::create_directories(directory());
    std::ofstream(file()).flush();
    EXPECT_THAT(now(), testing::IsEmpty());
}

}  // namespace
}  // namespace offlineimap::status_lmdb::test
