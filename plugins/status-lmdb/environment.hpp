// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-status/files.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <lmdb.h>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <string_view>

namespace offlineimap::status_lmdb {

/// A transaction in progress. Views stay valid until the next write or the end of it.
class Transaction {
public:
    [[nodiscard]] std::optional<std::string_view> get(std::string_view key) const;
    void put(std::string_view key, std::string_view value);
    /// False: it was there already, and has the new value now.
    bool insert(std::string_view key, std::string_view value);
    /// False: it was not there.
    bool erase(std::string_view key);
    /// Calls with each key that begins with `prefix`, in order, from `first` on, until it answers
    /// false.
    void scan(
        std::string_view prefix, std::string_view first,
        const std::function<bool(std::string_view key, std::string_view value)>& take) const;
    void erase_all(std::string_view prefix);

private:
    friend class Environment;
    struct Abort {
        void operator()(MDB_txn* raw) const noexcept { mdb_txn_abort(raw); }
    };
    Transaction(const class Environment& environment, unsigned flags);

    const class Environment& environment_;
    std::unique_ptr<MDB_txn, Abort> raw_;
    MDB_dbi table_ = 0;
};

/// One LMDB environment, grown as it fills up. Thread-safe; a transaction belongs to its thread,
/// and no thread may begin a second one within it.
class Environment {
public:
    /// Opens it, or makes an empty one with mode 0600 in the directory, which exists. Throws
    /// corrupt for a file that is none, is cut short, or is of another version.
    Environment(std::filesystem::path directory, status::Durability durability);

    using Work = std::function<void(Transaction&)>;
    void read(const Work& work) const;
    /// All of it or nothing, durable on return. `work` is done again when the file had to grow.
    void write(const Work& work);

    /// Throws for the code that LMDB answered; `action` is what was tried.
    [[noreturn]] void fail(int code, std::string_view action) const;
    [[noreturn]] void fail_corrupt(std::string_view why) const;
    [[nodiscard]] MDB_env* handle() const noexcept { return raw_.get(); }

private:
    struct Close {
        void operator()(MDB_env* raw) const noexcept { mdb_env_close(raw); }
    };
    enum class Outcome : std::uint8_t { done, full, resized };

    void open(status::Durability durability);
    void check_size() const;
    void check_version();
    Outcome try_write(const Work& work);
    void grow();
    void take_over_size() const;

    std::filesystem::path directory_, file_;
    std::unique_ptr<MDB_env, Close> raw_;
    mutable std::shared_mutex map_;  ///< shared by transactions, alone for who moves the map
};

}  // namespace offlineimap::status_lmdb
