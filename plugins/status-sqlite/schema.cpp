// SPDX-License-Identifier: Apache-2.0
#include "schema.hpp"

#include "common-status/text.hpp"

#include <array>
#include <string>

// The tables `metadata` and `status` are the original's, to the byte; it must be able to go on with
// a file of ours at any time. Ours are named offlineimap_*, are made only when something needs
// them, and are kept right by triggers while the original works on the file: it deletes rows of
// `status` or replaces them, and what we knew of that message goes too.

namespace offlineimap::status_sqlite {
namespace {

using status::concat;

constexpr auto original_tables =
    "CREATE TABLE IF NOT EXISTS metadata (key VARCHAR(50) PRIMARY KEY, value VARCHAR(128));"
    "CREATE TABLE IF NOT EXISTS status (id INTEGER PRIMARY KEY, flags VARCHAR(50),"
    " mtime INTEGER, labels VARCHAR(256));"
    "INSERT OR REPLACE INTO metadata VALUES('db_version', '2')";

constexpr auto extra_table = "CREATE TABLE offlineimap_extra"
                             " (id INTEGER PRIMARY KEY, left_id, keywords TEXT, labels TEXT);"
                             "CREATE TRIGGER offlineimap_row_gone AFTER DELETE ON status"
                             " BEGIN DELETE FROM offlineimap_extra WHERE id = OLD.id; END;"
                             "CREATE TRIGGER offlineimap_row_new AFTER INSERT ON status"
                             " BEGIN DELETE FROM offlineimap_extra WHERE id = NEW.id; END";

// `size` before `id` makes the order of the key that of MessageId.
constexpr auto opaque_table =
    "CREATE TABLE offlineimap_opaque (size INTEGER, id BLOB, flags TEXT, labels TEXT, left_id,"
    " keywords TEXT, exact_labels TEXT, PRIMARY KEY (size, id)) WITHOUT ROWID";

bool has_table(Database& database, std::string_view name)
{
    Statement statement(database, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?1");
    auto use = statement.use();
    return use.bind(1, name).step();
}

bool has_column(Database& database, std::string_view name)
{
    Statement statement(database, "SELECT 1 FROM pragma_table_info('status') WHERE name = ?1");
    auto use = statement.use();
    return use.bind(1, name).step();
}

std::string version(Database& database)
{
    if (!has_table(database, "metadata")) return {};
    Statement statement(database, "SELECT value FROM metadata WHERE key = 'db_version'");
    auto use = statement.use();
    return use.step() ? std::string(use.text(0)) : std::string();
}

/// The original commits each statement by itself, so a version 1 may already have the columns.
void upgrade(Database& database)
{
    Transaction transaction(database);
    if (!has_column(database, "mtime"))
        database.execute("ALTER TABLE status ADD mtime INTEGER DEFAULT 0");
    if (!has_column(database, "labels"))
        database.execute("ALTER TABLE status ADD labels VARCHAR(256) DEFAULT ''");
    database.execute("UPDATE metadata SET value = '2' WHERE key = 'db_version'");
    transaction.commit();
}

[[noreturn]] void fail_version(const Database& database, std::string_view found)
{
    database.fail_corrupt(
        concat("it is of version ", found, ", this offlineimap knows the versions 1 and 2"));
}

void check_columns(Database& database)
{
    for (const std::string_view name : std::array {"id", "flags", "mtime", "labels"})
        if (!has_column(database, name))
            database.fail_corrupt(concat("its table status has no column ", name));
}

}  // namespace

Layout recognise(Database& database)
{
    Layout layout;
    if (database.number("SELECT count(*) FROM sqlite_master") == 0) return layout;
    const std::string found = version(database);
    const bool has_status = has_table(database, "status");
    if (!found.empty() && found != "1" && found != "2") fail_version(database, found);
    if (has_status && found.empty()) database.fail_corrupt("it does not tell its version");
    if (!has_status && !has_table(database, "metadata"))
        database.fail_corrupt("it is a database of something else");
    if (!has_status) return layout;
    if (found == "1") upgrade(database);
    check_columns(database);
    return {
        .original = true,
        .extra = has_table(database, "offlineimap_extra"),
        .opaque = has_table(database, "offlineimap_opaque"),
        .upgraded = found == "1"};
}

void create_original(Database& database)
{
    database.execute(original_tables);
}

void create_extra(Database& database)
{
    database.execute(extra_table);
}

void create_opaque(Database& database)
{
    database.execute(opaque_table);
}

}  // namespace offlineimap::status_sqlite
