// SPDX-License-Identifier: Apache-2.0
#include "notes.hpp"

#include "common-status/text.hpp"

#include <system_error>

namespace offlineimap::status_sqlite {
namespace {

using status::concat;

constexpr auto table =
    "CREATE TABLE notes (folder TEXT, name TEXT, value TEXT, PRIMARY KEY (folder, name))"
    " WITHOUT ROWID; PRAGMA user_version = 1";

constexpr std::int64_t current_version = 1;

void prepare_tables(Database& database)
{
    const auto version = database.number("PRAGMA user_version");
    if (version == current_version) return;
    if (version != 0)
        throw Error(
            Errc::corrupt, database.subject().scope, Retry::never,
            concat(
                "read ", database.subject().name, " in ", database.file().string(),
                ": it is of version ", std::to_string(version),
                ", this offlineimap knows version 1"));
    if (database.number("SELECT count(*) FROM sqlite_master") != 0)
        database.fail_corrupt("it is a database of something else");
    Transaction transaction(database);
    database.execute(table);
    transaction.commit();
}

}  // namespace

std::vector<Note> Notes::all(const std::filesystem::path& file)
{
    const std::lock_guard lock(mutex_);
    std::vector<Note> notes;
    Database* database = open(file, Missing::leave);
    if (database == nullptr) return notes;
    Statement query(*database, "SELECT folder, name, value FROM notes");
    auto row = query.use();
    while (row.step())
        notes.push_back(
            {std::string(row.text(0)), std::string(row.text(1)), std::string(row.text(2))});
    return notes;
}

void Notes::put(const std::filesystem::path& file, std::span<const Note> notes)
{
    if (notes.empty()) return;
    const std::lock_guard lock(mutex_);
    Database& database = *open(file, Missing::create);
    Statement insert(database, "INSERT OR REPLACE INTO notes VALUES (?1, ?2, ?3)");
    Statement remove(database, "DELETE FROM notes WHERE folder = ?1 AND name = ?2");
    Transaction transaction(database);
    for (const Note& note : notes) {
        auto use = note.value.empty() ? remove.use() : insert.use();
        use.bind(1, note.folder).bind(2, note.name);
        if (!note.value.empty()) use.bind(3, note.value);
        use.run();
    }
    transaction.commit();
}

void Notes::forget(const std::filesystem::path& file, std::string_view folder)
{
    const std::lock_guard lock(mutex_);
    Database* database = open(file, Missing::leave);
    if (database == nullptr) return;
    Statement remove(*database, "DELETE FROM notes WHERE folder = ?1");
    remove.use().bind(1, folder).run();
}

Database* Notes::open(const std::filesystem::path& file, Missing missing)
{
    if (database_) return &*database_;
    std::error_code unknown;
    if (missing == Missing::leave && !std::filesystem::exists(file, unknown) && !unknown)
        return nullptr;
    Subject subject {.name = "notes of the account", .scope = Scope::repository};
    database_.emplace(file, std::move(subject), durability_);
    try {
        prepare_tables(*database_);
    } catch (...) {
        database_.reset();
        throw;
    }
    return &*database_;
}

}  // namespace offlineimap::status_sqlite
