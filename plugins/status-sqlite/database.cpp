// SPDX-License-Identifier: Apache-2.0
#include "database.hpp"

#include "common-status/text.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace offlineimap::status_sqlite {
namespace {

using status::concat;

/// Long enough for another process to finish a statement, short enough not to look like a hang.
constexpr int patience_ms = 250;

/// Never opens a file that is there: closing it would drop the locks that this process holds on
/// it through SQLite (POSIX record locks belong to the process, not to the descriptor).
void create_private(const std::filesystem::path& file)
{
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) ::close(fd);
}

Errc error_code(int code, int system_error) noexcept
{
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return Errc::busy;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
        return Errc::corrupt;
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
        return Errc::permission;
    case SQLITE_CANTOPEN:
        return system_error == EACCES ? Errc::permission : Errc::io;
    case SQLITE_IOERR:
    case SQLITE_FULL:
        return Errc::io;
    default:
        return Errc::internal;
    }
}

}  // namespace

Database::Database(std::filesystem::path file, Subject subject, Durability durability)
    : file_(std::move(file)), subject_(std::move(subject))
{
    create_private(file_);
    connect();
    configure(durability);
    lock();
}

void Database::connect()
{
    constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    sqlite3* raw = nullptr;
    const int code = sqlite3_open_v2(file_.c_str(), &raw, flags, nullptr);
    connection_.reset(raw);
    if (raw == nullptr) throw Error(Errc::io, "open " + file_.string() + ": out of memory");
    if (code != SQLITE_OK) fail(code, "open");
    sqlite3_busy_timeout(raw, patience_ms);
}

void Database::configure(Durability durability)
{
    execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA secure_delete = OFF");
    execute(
        durability == Durability::flushed ? "PRAGMA synchronous = FULL"
                                          : "PRAGMA synchronous = OFF");
}

/// In exclusive mode the lock of the first transaction is kept. The transaction is given up, not
/// committed: committing it would write a first page into an empty file.
void Database::lock()
{
    execute("BEGIN EXCLUSIVE; ROLLBACK");
    execute("PRAGMA journal_mode = DELETE");
}

void Database::execute(const char* statements)
{
    const int code = sqlite3_exec(handle(), statements, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(code, "use");
}

std::int64_t Database::number(const char* query)
{
    Statement statement(*this, query);
    auto use = statement.use();
    return use.step() ? use.number(0) : 0;
}

void Database::fail(int code, std::string_view action) const
{
    const int system_error = sqlite3_system_errno(handle());
    const Errc kind = error_code(code, system_error);
    if (kind == Errc::corrupt) fail_corrupt(sqlite3_errmsg(handle()));
    std::string text = concat(action, " ", subject_.name, " in ", file_.string(), ": ");
    if (kind == Errc::busy) {
        text += "another process has it open";
    } else {
        text += sqlite3_errmsg(handle());
        if (system_error != 0) text += concat(" (", std::strerror(system_error), ")");
    }
    throw Error(kind, subject_.scope, default_retry(kind), text);
}

void Database::fail_corrupt(std::string_view why) const
{
    throw status::corrupt(subject_, file_, why);
}

Statement::Statement(const Database& database, std::string_view sql) : database_(database)
{
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(
        database.handle(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
        &raw, nullptr);
    raw_.reset(raw);
    if (code != SQLITE_OK) database.fail(code, "use");
}

Statement::Use::~Use()
{
    sqlite3_reset(raw());
    sqlite3_clear_bindings(raw());
}

Statement::Use& Statement::Use::bind(int index, std::int64_t value)
{
    check(sqlite3_bind_int64(raw(), index, value));
    return *this;
}

Statement::Use& Statement::Use::bind(int index, std::string_view text)
{
    const char* data = text.empty() ? "" : text.data();
    check(sqlite3_bind_text64(raw(), index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Statement::Use& Statement::Use::bind_bytes(int index, std::string_view bytes)
{
    const char* data = bytes.empty() ? "" : bytes.data();
    check(sqlite3_bind_blob64(raw(), index, data, bytes.size(), SQLITE_STATIC));
    return *this;
}

Statement::Use& Statement::Use::bind_null(int index)
{
    check(sqlite3_bind_null(raw(), index));
    return *this;
}

bool Statement::Use::step()
{
    const int code = sqlite3_step(raw());
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE)
        statement_.database_.fail(code, sqlite3_stmt_readonly(raw()) != 0 ? "read" : "write");
    return false;
}

bool Statement::Use::is_null(int column) const noexcept
{
    return sqlite3_column_type(raw(), column) == SQLITE_NULL;
}

std::int64_t Statement::Use::number(int column) const noexcept
{
    return sqlite3_column_int64(raw(), column);
}

std::string_view Statement::Use::text(int column) const
{
    const void* data = sqlite3_column_blob(raw(), column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(raw(), column));
    return data == nullptr ? std::string_view()
                           : std::string_view(static_cast<const char*>(data), size);
}

void Statement::Use::check(int code) const
{
    if (code != SQLITE_OK) statement_.database_.fail(code, "use");
}

Transaction::Transaction(Database& database) : database_(database)
{
    database.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction()
{
    // SQLite has rolled back by itself after some failures; then this one is refused, rightly.
    if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit()
{
    database_.execute("COMMIT");
    open_ = false;
}

}  // namespace offlineimap::status_sqlite
