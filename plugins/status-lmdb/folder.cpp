// SPDX-License-Identifier: Apache-2.0
#include "folder.hpp"

#include "common-status/packing.hpp"
#include "common-status/text.hpp"

namespace offlineimap::status_lmdb {
namespace {

/// Records that are copied out of one transaction. Long enough to cost nothing, short enough that
/// neither memory nor the pages that a reader keeps from being used again grow.
constexpr std::size_t part_size = 4096;

}  // namespace

LmdbFolder::LmdbFolder(Environment& environment, std::string folder, status::Descriptor held)
    : environment_(environment), folder_(std::move(folder)), held_(std::move(held))
{
}

/// In parts, none of which is open while the sink works: it may use the store itself, and may take
/// its time. Nobody else changes this folder meanwhile.
void LmdbFolder::load(RecordSink& sink)
{
    std::string first;
    for (;;) {
        const auto records = part(first);
        for (const Record& record : records)
            sink.record(record);
        if (records.size() < part_size) return;
    }
}

std::vector<Record> LmdbFolder::part(std::string& first) const
{
    std::vector<Record> records;
    environment_.read([&](const Transaction& transaction) {
        records.clear();
        const auto known = entry(transaction);
        if (!known) return;
        records.reserve(std::min<std::uint64_t>(part_size, known->records));
        const std::string prefix = records_prefix(known->number);
        if (first.empty()) first = prefix;
        std::string last;
        transaction.scan(prefix, first, [&](std::string_view key, std::string_view value) {
            const auto id = id_of(key.substr(prefix.size()));
            if (!id) environment_.fail_corrupt("a key in it makes no sense");
            Record& record = records.emplace_back();
            record.right.value = *id;
            read(record.right, value, record);
            if (records.size() < part_size) return true;
            last = key;
            return false;
        });
        // The smallest key behind it.
        if (!last.empty()) first = last + '\0';
    });
    return records;
}

void LmdbFolder::find(std::span<const MessageId> right, RecordSink& sink)
{
    if (right.empty()) return;
    std::vector<Record> records;
    environment_.read([&](const Transaction& transaction) {
        records.clear();
        const auto known = entry(transaction);
        if (!known) return;
        std::string key = records_prefix(known->number);
        const std::size_t prefix = key.size();
        for (const MessageId& id : right) {
            key.resize(prefix);
            append_id(key, id);
            if (const auto value = transaction.get(key)) {
                Record& record = records.emplace_back();
                record.right = id;
                read(id, *value, record);
            }
        }
    });
    for (const Record& record : records)
        sink.record(record);
}

std::uint64_t LmdbFolder::size()
{
    std::uint64_t size = 0;
    environment_.read([&](const Transaction& transaction) {
        const auto known = entry(transaction);
        size = known ? known->records : 0;
    });
    return size;
}

void LmdbFolder::apply(const Batch& batch)
{
    check(batch);
    if (batch.put.empty() && (batch.erase.empty() || size() == 0)) return;
    environment_.write([&](Transaction& transaction) {
        FolderEntry known = entry_or_new(transaction);
        std::string key = records_prefix(known.number), value;
        const std::size_t prefix = key.size();
        for (const MessageId& id : batch.erase) {
            key.resize(prefix);
            append_id(key, id);
            if (transaction.erase(key)) --known.records;
        }
        for (const Record& record : batch.put) {
            key.resize(prefix);
            append_id(key, record.right);
            value.clear();
            status::pack_state(value, record);
            if (transaction.insert(key, value)) ++known.records;
        }
        transaction.put(folder_key(folder_), pack(known));
    });
}

void LmdbFolder::check(const Batch& batch) const
{
    for (const Record& record : batch.put)
        if (record.right.empty())
            throw Error(
                Errc::internal, Scope::folder, Retry::never,
                status::concat("write the status of ", folder_, ": a record has no right id"));
}

std::optional<FolderEntry> LmdbFolder::entry(const Transaction& transaction) const
{
    const auto value = transaction.get(folder_key(folder_));
    if (!value) return std::nullopt;
    auto entry = unpack_folder(*value);
    if (!entry) environment_.fail_corrupt("the entry of a folder makes no sense");
    return entry;
}

/// Numbers are never used twice: records that a crash left behind are nobody's.
FolderEntry LmdbFolder::entry_or_new(Transaction& transaction)
{
    if (const auto known = entry(transaction)) return *known;
    FolderEntry made;
    if (const auto next = transaction.get(next_key)) {
        const auto number = status::Unpacker(*next).number();
        if (!number) environment_.fail_corrupt("its count of folders makes no sense");
        made.number = *number;
    }
    std::string next;
    status::pack(next, made.number + 1);
    transaction.put(next_key, next);
    return made;
}

void LmdbFolder::read(const MessageId& id, std::string_view value, Record& record) const
{
    status::Unpacker unpacker(value);
    if (!unpacker.state(record) || !unpacker.at_end())
        environment_.fail_corrupt(
            status::concat("the record of message ", id.value, " of ", folder_, " makes no sense"));
}

}  // namespace offlineimap::status_lmdb
