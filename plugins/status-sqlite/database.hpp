// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-status/files.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <string_view>

namespace offlineimap::status_sqlite {

using status::Durability;
using status::Subject;

/// One SQLite file, locked against every other process and connection from the constructor to the
/// destructor. One thread at a time. All methods throw Error of the subject's scope: busy, corrupt,
/// permission or io.
class Database {
public:
    /// Opens the file, makes an empty one with mode 0600 if there is none. No statement has run
    /// yet, but a change that another process left half done is undone.
    Database(std::filesystem::path file, Subject subject, Durability durability);

    void execute(const char* statements);
    [[nodiscard]] std::int64_t number(const char* query);

    [[nodiscard]] sqlite3* handle() const noexcept { return connection_.get(); }
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
    [[nodiscard]] const Subject& subject() const noexcept { return subject_; }

    /// Throws for the failure that SQLite has just reported.
    [[noreturn]] void fail(int code, std::string_view action) const;
    [[noreturn]] void fail_corrupt(std::string_view why) const;

private:
    struct Close {
        void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
    };

    void connect();
    void configure(Durability durability);
    void lock();

    std::filesystem::path file_;
    Subject subject_;
    std::unique_ptr<sqlite3, Close> connection_;
};

/// A prepared statement. `database` outlives it.
class Statement {
public:
    Statement(const Database& database, std::string_view sql);

    /// One use: bind, then step. Its end makes the statement ready for the next one, also when an
    /// exception passes.
    class Use {
    public:
        explicit Use(Statement& statement) noexcept : statement_(statement) { }
        Use(const Use&) = delete;
        Use& operator=(const Use&) = delete;
        ~Use();

        Use& bind(int index, std::int64_t value);
        /// The bytes stay valid and unchanged until the use ends.
        Use& bind(int index, std::string_view text);
        Use& bind(int index, std::string&& text) = delete;
        Use& bind_bytes(int index, std::string_view bytes);
        Use& bind_null(int index);

        /// True: there is a row to read.
        bool step();
        void run() { step(); }

        [[nodiscard]] bool is_null(int column) const noexcept;
        [[nodiscard]] std::int64_t number(int column) const noexcept;
        /// Valid until the next step.
        [[nodiscard]] std::string_view text(int column) const;

    private:
        void check(int code) const;
        [[nodiscard]] sqlite3_stmt* raw() const noexcept { return statement_.raw_.get(); }

        Statement& statement_;
    };

    [[nodiscard]] Use use() noexcept { return Use(*this); }

private:
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
    };

    const Database& database_;
    std::unique_ptr<sqlite3_stmt, Finalize> raw_;
};

/// Rolled back unless committed.
class Transaction {
public:
    explicit Transaction(Database& database);
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    ~Transaction();

    void commit();

private:
    Database& database_;
    bool open_ = true;
};

}  // namespace offlineimap::status_sqlite
