// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "unit/common-status/store_fixture.hpp"

#include <sqlite3.h>

namespace offlineimap::status_sqlite::test {

using namespace status::test;

/// The store of an account, and what another program does to its files.
class StoreTest : public DirectoryTest {
protected:
    std::filesystem::path file(std::string_view folder) const
    {
        return host.directory / "LocalStatus-sqlite" / folder;
    }

    /// Does to a file what another program would; each row as "a|b|c".
    std::vector<std::string> sql(std::string_view folder, const std::string& statement) const
    {
        std::vector<std::string> rows;
        std::filesystem::create_directories(file(folder).parent_path());
        sqlite3* connection = nullptr;
        EXPECT_EQ(sqlite3_open(file(folder).c_str(), &connection), SQLITE_OK);
        const int code =
            sqlite3_exec(connection, statement.c_str(), &StoreTest::add_row, &rows, nullptr);
        EXPECT_EQ(code, SQLITE_OK) << sqlite3_errmsg(connection);
        sqlite3_close(connection);
        return rows;
    }

private:
    static int add_row(void* rows, int count, char** values, char** /*names*/)
    {
        std::string row;
        for (int i = 0; i < count; ++i)
            row += (i == 0 ? "" : "|") + std::string(values[i] != nullptr ? values[i] : "NULL");
        static_cast<std::vector<std::string>*>(rows)->push_back(row);
        return 0;
    }
};

}  // namespace offlineimap::status_sqlite::test
