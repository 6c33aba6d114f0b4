// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "status-plain/store.hpp"

#include "unit/common-status/store_fixture.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>

namespace offlineimap::status_plain::test {

using namespace status::test;
namespace fs = std::filesystem;

inline const std::string head_1 = "OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT 1\n";
inline const std::string head_2 = "OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT 2\n";

/// The store of an account, and what others do to its files.
class StoreTest : public DirectoryTest {
protected:
    fs::path original(std::string_view folder = "INBOX") const
    {
        return host.directory / "LocalStatus" / folder;
    }
    fs::path ours(std::string_view kind, std::string_view folder = "INBOX") const
    {
        return host.directory / "LocalStatus-plain" / kind / folder;
    }

    static std::string read(const fs::path& path)
    {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    /// In its place, as damage or an editor does it.
    static void write(const fs::path& path, std::string_view bytes)
    {
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    }
    /// By another file, as the original does it.
    static void replace(const fs::path& path, std::string_view bytes)
    {
        write(path.string() + ".tmp", bytes);
        fs::rename(path.string() + ".tmp", path);
    }

    std::vector<Record> now()
    {
        PlainStore store(host);
        return all(*store.open("INBOX"));
    }
    void keep(const std::vector<Record>& records)
    {
        PlainStore store(host);
        put(*store.open("INBOX"), records);
    }
    Error opening()
    {
        PlainStore store(host);
        return error_of([&] { all(*store.open("INBOX")); });
    }
};

/// One of every kind of record, in the order of ids.
inline std::vector<Record> every_kind()
{
    Record left = make_record("2", {Flag::seen});
    left.left.value = "x";
    Record labels = make_record("10", {Flag::flagged, Flag::answered});
    labels.labels = {"Inbox", "Work"};
    labels.keywords = {"$Junk", "NonJunk"};
    Record exact = make_record("11", {Flag::draft});
    exact.labels = {"a, b", "line\nend"};
    Record opaque = make_record("M1", {Flag::seen});
    opaque.left.value = "7";
    opaque.keywords = {"k"};
    return {make_record("1"), left, labels, exact, opaque, make_record("4294967295")};
}

}  // namespace offlineimap::status_plain::test
