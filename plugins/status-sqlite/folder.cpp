// SPDX-License-Identifier: Apache-2.0
#include "folder.hpp"

#include "common-status/columns.hpp"

#include <algorithm>
#include <utility>

namespace offlineimap::status_sqlite {
namespace {

using namespace status;

// The columns of every query: id, flags, labels, left id, keywords without a letter, exact labels.
constexpr std::string_view plain_rows =
    "SELECT id, flags, labels, NULL, NULL, NULL FROM status WHERE id > 0 ORDER BY id";
constexpr std::string_view plain_row =
    "SELECT id, flags, labels, NULL, NULL, NULL FROM status WHERE id = ?1";
constexpr std::string_view rows_with_extra =
    "SELECT s.id, s.flags, s.labels, x.left_id, x.keywords, x.labels"
    " FROM status s LEFT JOIN offlineimap_extra x ON x.id = s.id WHERE s.id > 0 ORDER BY s.id";
constexpr std::string_view row_with_extra =
    "SELECT s.id, s.flags, s.labels, x.left_id, x.keywords, x.labels"
    " FROM status s LEFT JOIN offlineimap_extra x ON x.id = s.id WHERE s.id = ?1";
constexpr std::string_view opaque_rows =
    "SELECT id, flags, labels, left_id, keywords, exact_labels FROM offlineimap_opaque"
    " ORDER BY size, id";
constexpr std::string_view opaque_row =
    "SELECT id, flags, labels, left_id, keywords, exact_labels FROM offlineimap_opaque"
    " WHERE size = ?1 AND id = ?2";

// mtime is the original's own (Gmail labels in a Maildir): what it wrote stays.
constexpr std::string_view put_row_sql =
    "INSERT INTO status (id, flags, mtime, labels) VALUES (?1, ?2, 0, ?3)"
    " ON CONFLICT (id) DO UPDATE SET flags = excluded.flags, labels = excluded.labels";
constexpr std::string_view put_extra_sql =
    "INSERT OR REPLACE INTO offlineimap_extra (id, left_id, keywords, labels)"
    " VALUES (?1, ?2, ?3, ?4)";
constexpr std::string_view put_opaque_sql =
    "INSERT OR REPLACE INTO offlineimap_opaque"
    " (size, id, flags, labels, left_id, keywords, exact_labels)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

bool is_opaque(const MessageId& id) noexcept
{
    return !row_id(id);
}

std::int64_t byte_count(const MessageId& id) noexcept
{
    return static_cast<std::int64_t>(id.value.size());
}

/// NULL stands for the usual case, the same id on both sides.
void bind_left(Statement::Use& use, int index, const Record& record)
{
    if (record.left == record.right)
        use.bind_null(index);
    else if (const auto number = row_id(record.left))
        use.bind(index, *number);
    else
        use.bind_bytes(index, record.left.value);
}

/// The exact list counts only while the original has not changed its column.
std::vector<std::string> labels(std::string_view column, std::string_view exact)
{
    if (exact.empty()) return column.empty() ? std::vector<std::string>() : split_labels(column);
    auto list = split_list(exact);
    return join_labels(list) == column ? list : split_labels(column);
}

}  // namespace

SqliteFolder::SqliteFolder(
    std::filesystem::path file, Subject subject, Durability durability, const Letters& letters)
    : database_(std::move(file), std::move(subject), durability)
    , letters_(letters)
    , layout_(recognise(database_))
{
}

// ---------------------------------------------------------------------------------- reading

void SqliteFolder::load(RecordSink& sink)
{
    if (!layout_.original) return;
    if (layout_.opaque)
        load_merged(sink);
    else
        load_rows(sink);
}

void SqliteFolder::load_rows(RecordSink& sink)
{
    auto row = prepared(rows_, rows_query()).use();
    Record record;
    while (row.step()) {
        read(row, record);
        sink.record(record);
    }
}

/// Two ordered lists become one.
void SqliteFolder::load_merged(RecordSink& sink)
{
    auto row = prepared(rows_, rows_query()).use();
    auto other_row = prepared(opaque_, opaque_rows).use();
    Record record, other;
    const auto next = [this](Statement::Use& from, Record& into) {
        const bool there = from.step();
        if (there) read(from, into);
        return there;
    };
    bool has_record = next(row, record);
    bool has_other = next(other_row, other);
    while (has_record || has_other) {
        if (!has_other || (has_record && record.right < other.right)) {
            sink.record(record);
            has_record = next(row, record);
        } else {
            sink.record(other);
            has_other = next(other_row, other);
        }
    }
}

void SqliteFolder::find(std::span<const MessageId> right, RecordSink& sink)
{
    if (!layout_.original || right.empty()) return;
    // One transaction for all: one read lock, one look at the file.
    Transaction transaction(database_);
    find_rows(right, sink);
    if (layout_.opaque) find_opaque(right, sink);
    transaction.commit();
}

void SqliteFolder::find_rows(std::span<const MessageId> right, RecordSink& sink)
{
    Statement& query = prepared(row_, row_query());
    Record record;
    for (const MessageId& id : right) {
        const auto number = row_id(id);
        if (!number) continue;
        auto row = query.use();
        if (!row.bind(1, *number).step()) continue;
        read(row, record);
        sink.record(record);
    }
}

void SqliteFolder::find_opaque(std::span<const MessageId> right, RecordSink& sink)
{
    Statement& query = prepared(opaque_row_, opaque_row);
    Record record;
    for (const MessageId& id : right) {
        if (!is_opaque(id)) continue;
        auto row = query.use();
        if (!row.bind(1, byte_count(id)).bind_bytes(2, id.value).step()) continue;
        read(row, record);
        sink.record(record);
    }
}

/// The strings of `record` are used again: a million rows cost no allocation.
void SqliteFolder::read(Statement::Use& row, Record& record) const
{
    record.right.value = row.text(0);
    if (row.is_null(3))
        record.left.value = record.right.value;
    else
        record.left.value = row.text(3);
    record.keywords.clear();
    letters_.read(row.text(1), record);
    if (!row.is_null(4)) {
        auto more = split_list(row.text(4));
        std::move(more.begin(), more.end(), std::back_inserter(record.keywords));
    }
    if (record.keywords.size() > 1) {
        std::sort(record.keywords.begin(), record.keywords.end());
        const auto end = std::unique(record.keywords.begin(), record.keywords.end());
        record.keywords.erase(end, record.keywords.end());
    }
    record.labels = labels(row.text(2), row.text(5));
}

std::uint64_t SqliteFolder::size()
{
    if (!layout_.original) return 0;
    auto count = database_.number("SELECT count(*) FROM status WHERE id > 0");
    if (layout_.opaque) count += database_.number("SELECT count(*) FROM offlineimap_opaque");
    return static_cast<std::uint64_t>(count);
}

// ---------------------------------------------------------------------------------- writing

void SqliteFolder::apply(const Batch& batch)
{
    if (batch.put.empty() && (batch.erase.empty() || !layout_.original)) return;
    const Layout before = layout_;
    try {
        Transaction transaction(database_);
        create_missing_tables(batch);
        for (const MessageId& id : batch.erase)
            erase(id);
        for (const Record& record : batch.put)
            put(record);
        transaction.commit();
    } catch (...) {
        layout_ = before;
        forget_queries();
        throw;
    }
}

void SqliteFolder::create_missing_tables(const Batch& batch)
{
    const auto is_right_opaque = [](const Record& record) { return is_opaque(record.right); };
    if (!std::exchange(layout_.original, true)) create_original(database_);
    if (!layout_.extra && needs_extra(batch)) {
        create_extra(database_);
        layout_.extra = true;
        forget_queries();
    }
    if (!layout_.opaque && std::any_of(batch.put.begin(), batch.put.end(), is_right_opaque)) {
        create_opaque(database_);
        layout_.opaque = true;
    }
}

bool SqliteFolder::needs_extra(const Batch& batch) const
{
    return std::any_of(batch.put.begin(), batch.put.end(), [this](const Record& record) {
        return !is_opaque(record.right) && !extra(record).empty();
    });
}

SqliteFolder::Extra SqliteFolder::extra(const Record& record) const
{
    Extra extra;
    extra.left = record.left != record.right;
    if (!record.keywords.empty()) extra.keywords = join_list(letters_.without_letter(record));
    if (!record.labels.empty() && split_labels(join_labels(record.labels)) != record.labels)
        extra.labels = join_list(record.labels);
    return extra;
}

void SqliteFolder::erase(const MessageId& right)
{
    // The trigger on `status` takes the extra row along.
    if (const auto id = row_id(right)) {
        prepared(erase_row_, "DELETE FROM status WHERE id = ?1").use().bind(1, *id).run();
    } else if (layout_.opaque) {
        constexpr auto sql = "DELETE FROM offlineimap_opaque WHERE size = ?1 AND id = ?2";
        auto use = prepared(erase_opaque_, sql).use();
        use.bind(1, byte_count(right)).bind_bytes(2, right.value).run();
    }
}

void SqliteFolder::put(const Record& record)
{
    if (record.right.empty())
        throw Error(
            Errc::internal, database_.subject().scope, Retry::never,
            "write " + database_.subject().name + ": a record has no right id");
    if (const auto id = row_id(record.right))
        put_row(*id, record);
    else
        put_opaque(record);
}

void SqliteFolder::put_row(std::int64_t id, const Record& record)
{
    const std::string flags = letters_.write(record);
    const std::string label_column = join_labels(record.labels);
    prepared(put_row_, put_row_sql).use().bind(1, id).bind(2, flags).bind(3, label_column).run();
    if (!layout_.extra) return;
    const Extra more = extra(record);
    if (more.empty()) {
        constexpr auto sql = "DELETE FROM offlineimap_extra WHERE id = ?1";
        prepared(erase_extra_, sql).use().bind(1, id).run();
        return;
    }
    auto use = prepared(put_extra_, put_extra_sql).use();
    use.bind(1, id).bind(3, more.keywords).bind(4, more.labels);
    bind_left(use, 2, record);
    use.run();
}

void SqliteFolder::put_opaque(const Record& record)
{
    const std::string flags = letters_.write(record);
    const std::string label_column = join_labels(record.labels);
    const Extra more = extra(record);
    auto use = prepared(put_opaque_, put_opaque_sql).use();
    use.bind(1, byte_count(record.right)).bind_bytes(2, record.right.value).bind(3, flags);
    use.bind(4, label_column).bind(6, more.keywords).bind(7, more.labels);
    bind_left(use, 5, record);
    use.run();
}

// --------------------------------------------------------------------------------- statements

Statement& SqliteFolder::prepared(std::optional<Statement>& slot, std::string_view sql)
{
    if (!slot) slot.emplace(database_, sql);
    return *slot;
}

std::string_view SqliteFolder::rows_query() const noexcept
{
    return layout_.extra ? rows_with_extra : plain_rows;
}

std::string_view SqliteFolder::row_query() const noexcept
{
    return layout_.extra ? row_with_extra : plain_row;
}

/// The queries depend on which tables there are.
void SqliteFolder::forget_queries() noexcept
{
    rows_.reset();
    row_.reset();
}

}  // namespace offlineimap::status_sqlite
