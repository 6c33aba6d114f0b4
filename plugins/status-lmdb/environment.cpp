// SPDX-License-Identifier: Apache-2.0
#include "environment.hpp"

#include "keys.hpp"

#include "common-status/text.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <sys/stat.h>

namespace offlineimap::status_lmdb {
namespace {

namespace fs = std::filesystem;
using status::concat;
using status::Durability;

constexpr std::size_t first_map_size = 1 << 20;
constexpr std::string_view version = "1";

/// LMDB says that the map is too small by codes; as exceptions they leave the caller's work.
struct MapFull { };
struct MapResized { };

MDB_val value_of(std::string_view text)
{
    return {text.size(), const_cast<char*>(text.data())};
}

std::string_view text_of(const MDB_val& value)
{
    return {static_cast<const char*>(value.mv_data), value.mv_size};
}

struct CloseCursor {
    void operator()(MDB_cursor* raw) const noexcept { mdb_cursor_close(raw); }
};
using Cursor = std::unique_ptr<MDB_cursor, CloseCursor>;

}  // namespace

// -------------------------------------------------------------------------------- transactions

Transaction::Transaction(const Environment& environment, unsigned flags) : environment_(environment)
{
    MDB_txn* raw = nullptr;
    const int code = mdb_txn_begin(environment.handle(), nullptr, flags, &raw);
    raw_.reset(raw);
    if (code == MDB_MAP_RESIZED) throw MapResized();
    if (code != 0) environment.fail(code, "use");
    if (const int failed = mdb_dbi_open(raw, nullptr, 0, &table_)) environment.fail(failed, "use");
}

std::optional<std::string_view> Transaction::get(std::string_view key) const
{
    MDB_val name = value_of(key), value {};
    const int code = mdb_get(raw_.get(), table_, &name, &value);
    if (code == MDB_NOTFOUND) return std::nullopt;
    if (code != 0) environment_.fail(code, "read");
    return text_of(value);
}

void Transaction::put(std::string_view key, std::string_view value)
{
    MDB_val name = value_of(key), data = value_of(value);
    const int code = mdb_put(raw_.get(), table_, &name, &data, 0);
    if (code == MDB_MAP_FULL) throw MapFull();
    if (code != 0) environment_.fail(code, "write");
}

bool Transaction::insert(std::string_view key, std::string_view value)
{
    MDB_val name = value_of(key), data = value_of(value);
    const int code = mdb_put(raw_.get(), table_, &name, &data, MDB_NOOVERWRITE);
    if (code == MDB_MAP_FULL) throw MapFull();
    if (code == 0) return true;
    if (code != MDB_KEYEXIST) environment_.fail(code, "write");
    if (text_of(data) != value) put(key, value);
    return false;
}

bool Transaction::erase(std::string_view key)
{
    MDB_val name = value_of(key);
    const int code = mdb_del(raw_.get(), table_, &name, nullptr);
    if (code == MDB_MAP_FULL) throw MapFull();
    if (code != 0 && code != MDB_NOTFOUND) environment_.fail(code, "write");
    return code == 0;
}

void Transaction::scan(
    std::string_view prefix, std::string_view first,
    const std::function<bool(std::string_view key, std::string_view value)>& take) const
{
    MDB_cursor* raw = nullptr;
    if (const int code = mdb_cursor_open(raw_.get(), table_, &raw)) environment_.fail(code, "read");
    const Cursor cursor(raw);
    MDB_val key = value_of(first), value {};
    int code = mdb_cursor_get(raw, &key, &value, MDB_SET_RANGE);
    for (; code == 0; code = mdb_cursor_get(raw, &key, &value, MDB_NEXT))
        if (!text_of(key).starts_with(prefix) || !take(text_of(key), text_of(value))) return;
    if (code != MDB_NOTFOUND) environment_.fail(code, "read");
}

void Transaction::erase_all(std::string_view prefix)
{
    MDB_cursor* raw = nullptr;
    if (const int code = mdb_cursor_open(raw_.get(), table_, &raw))
        environment_.fail(code, "write");
    const Cursor cursor(raw);
    for (;;) {
        MDB_val key = value_of(prefix), value {};
        int code = mdb_cursor_get(raw, &key, &value, MDB_SET_RANGE);
        if (code == MDB_NOTFOUND || (code == 0 && !text_of(key).starts_with(prefix))) return;
        if (code == 0) code = mdb_cursor_del(raw, 0);
        if (code == MDB_MAP_FULL) throw MapFull();
        if (code != 0) environment_.fail(code, "write");
    }
}

// -------------------------------------------------------------------------------- environment

Environment::Environment(fs::path directory, Durability durability)
    : directory_(std::move(directory)), file_(directory_ / "data.mdb")
{
    open(durability);
    check_size();
    check_version();
}

void Environment::open(Durability durability)
{
    MDB_env* raw = nullptr;
    if (const int code = mdb_env_create(&raw)) fail(code, "open");
    raw_.reset(raw);
    std::error_code unknown;
    const auto size = fs::file_size(file_, unknown);
    const std::size_t known = unknown ? 0 : static_cast<std::size_t>(size);
    if (const int code = mdb_env_set_mapsize(raw, std::max(first_map_size, known)))
        fail(code, "open");
    // Transactions are bound to objects of ours, not to threads.
    unsigned flags = MDB_NOTLS;
    if (durability == Durability::unflushed) flags |= MDB_NOSYNC;
    if (const int code = mdb_env_open(raw, directory_.c_str(), flags, 0600)) fail(code, "open");
    int dead = 0;
    mdb_reader_check(raw, &dead);
}

/// LMDB maps the file and trusts it: reading behind its end would end the process.
void Environment::check_size() const
{
    MDB_envinfo info {};
    MDB_stat facts {};
    mdb_env_info(raw_.get(), &info);
    mdb_env_stat(raw_.get(), &facts);
    std::error_code error;
    const auto size = fs::file_size(file_, error);
    if (error) throw status::system_error(error.value(), Scope::repository, "read", file_);
    // Of an environment that was never written to, the two first pages are all there is.
    if (size < (std::uint64_t {info.me_last_pgno} + 1) * facts.ms_psize)
        fail_corrupt("it has been cut short");
}

void Environment::check_version()
{
    std::string found;
    bool empty = false;
    read([&](const Transaction& transaction) {
        if (const auto value = transaction.get(version_key)) found = *value;
        empty = true;
        transaction.scan({}, std::string_view("\0", 1), [&](auto, auto) { return empty = false; });
    });
    if (found == version) return;
    if (!found.empty())
        fail_corrupt(concat(
            "it is of version ", found.substr(0, 20), ", this offlineimap knows the version ",
            version));
    if (!empty) fail_corrupt("it is a database of something else");
    write([](Transaction& transaction) { transaction.put(version_key, version); });
}

void Environment::read(const Work& work) const
{
    for (;;) {
        try {
            const std::shared_lock lock(map_);
            Transaction transaction(*this, MDB_RDONLY);
            work(transaction);
            return;
        } catch (const MapResized&) {
            take_over_size();
        }
    }
}

void Environment::write(const Work& work)
{
    for (;;) {
        switch (try_write(work)) {
        case Outcome::done:
            return;
        case Outcome::full:
            grow();
            break;
        case Outcome::resized:
            take_over_size();
            break;
        }
    }
}

Environment::Outcome Environment::try_write(const Work& work)
{
    const std::shared_lock lock(map_);
    try {
        Transaction transaction(*this, 0);
        work(transaction);
        const int code = mdb_txn_commit(transaction.raw_.release());
        if (code == MDB_MAP_FULL) return Outcome::full;
        if (code != 0) fail(code, "write");
        return Outcome::done;
    } catch (const MapFull&) {
        return Outcome::full;
    } catch (const MapResized&) {
        return Outcome::resized;
    }
}

void Environment::grow()
{
    const std::unique_lock lock(map_);
    MDB_envinfo info {};
    mdb_env_info(raw_.get(), &info);
    if (const int code = mdb_env_set_mapsize(raw_.get(), info.me_mapsize * 2)) fail(code, "grow");
}

/// Another process has made the file larger than our map of it.
void Environment::take_over_size() const
{
    const std::unique_lock lock(map_);
    if (const int code = mdb_env_set_mapsize(raw_.get(), 0)) fail(code, "grow");
}

void Environment::fail(int code, std::string_view action) const
{
    switch (code) {
    case MDB_INVALID:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
        fail_corrupt(mdb_strerror(code));
    case MDB_BAD_VALSIZE:
        throw Error(
            Errc::unsupported,
            concat(action, " the status in ", file_.string(), ": an id or a name is too long"));
    default:
        break;
    }
    if (code > 0) throw status::system_error(code, Scope::repository, action, file_);
    throw Error(
        Errc::io, Scope::repository, Retry::later,
        concat(action, " ", file_.string(), ": ", mdb_strerror(code)));
}

void Environment::fail_corrupt(std::string_view why) const
{
    throw status::corrupt({"status of the account", Scope::repository}, file_, why);
}

}  // namespace offlineimap::status_lmdb
