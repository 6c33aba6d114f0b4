// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "status-lmdb/store.hpp"

#include "unit/common-status/store_fixture.hpp"

namespace offlineimap::status_lmdb::test {

using namespace status::test;
namespace fs = std::filesystem;

class StoreTest : public DirectoryTest {
protected:
    fs::path directory() const { return host.directory / "LocalStatus-lmdb"; }
    fs::path file() const { return directory() / "data.mdb"; }

    std::vector<Record> now()
    {
        LmdbStore store(host);
        return all(*store.open("INBOX"));
    }
    void keep(const std::vector<Record>& records)
    {
        LmdbStore store(host);
        put(*store.open("INBOX"), records);
    }
};

inline std::vector<Record> many(int count)
{
    std::vector<Record> records;
    for (int id = 1; id <= count; ++id)
        records.push_back(make_record(std::to_string(id), {Flag::seen}));
    return records;
}

}  // namespace offlineimap::status_lmdb::test
