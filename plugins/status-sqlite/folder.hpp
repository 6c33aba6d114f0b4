// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-status/letters.hpp"
#include "database.hpp"
#include "schema.hpp"

#include <offlineimap/status.hpp>

#include <optional>
#include <string>

namespace offlineimap::status_sqlite {

using status::Letters;

/// One folder's file. Its tables are made by the first apply(), so that a run that only looks
/// writes nothing.
class SqliteFolder final : public StatusFolder {
public:
    /// `letters` outlives the folder.
    SqliteFolder(std::filesystem::path file, Subject, Durability, const Letters& letters);

    void load(RecordSink& sink) override;
    void find(std::span<const MessageId> right, RecordSink& sink) override;
    std::uint64_t size() override;
    void apply(const Batch& batch) override;

    /// The file was of version 1 before it was opened.
    [[nodiscard]] bool was_upgraded() const noexcept { return layout_.upgraded; }

private:
    /// What of a record the original's row cannot hold.
    struct Extra {
        bool left = false;
        std::string keywords, labels;
        [[nodiscard]] bool empty() const noexcept
        {
            return !left && keywords.empty() && labels.empty();
        }
    };

    void create_missing_tables(const Batch& batch);
    [[nodiscard]] bool needs_extra(const Batch& batch) const;
    [[nodiscard]] Extra extra(const Record& record) const;
    void erase(const MessageId& right);
    void put(const Record& record);
    void put_row(std::int64_t id, const Record& record);
    void put_opaque(const Record& record);

    void load_rows(RecordSink& sink);
    void load_merged(RecordSink& sink);
    void find_rows(std::span<const MessageId> right, RecordSink& sink);
    void find_opaque(std::span<const MessageId> right, RecordSink& sink);
    /// Takes over a row of one of the queries in folder.cpp.
    void read(Statement::Use& row, Record& record) const;

    Statement& prepared(std::optional<Statement>& slot, std::string_view sql);
    [[nodiscard]] std::string_view rows_query() const noexcept;
    [[nodiscard]] std::string_view row_query() const noexcept;
    void forget_queries() noexcept;

    Database database_;
    const Letters& letters_;
    Layout layout_;
    std::optional<Statement> rows_, row_, put_row_, erase_row_, put_extra_, erase_extra_;
    std::optional<Statement> opaque_, opaque_row_, put_opaque_, erase_opaque_;
};

}  // namespace offlineimap::status_sqlite
