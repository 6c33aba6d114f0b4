// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-status/files.hpp"

#include <offlineimap/status.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::status_plain {

/// What the original's file cannot hold, in a file of ours: what else there is to know of its rows,
/// and whole records of messages whose ids are no numbers.
class ExtraFile {
public:
    struct Entry {
        std::string_view id, state;
    };

    ExtraFile() = default;
    /// Empty if there is none. Throws corrupt.
    ExtraFile(const std::filesystem::path& file, const status::Subject& subject);
    ExtraFile(ExtraFile&&) = delete;
    ExtraFile& operator=(ExtraFile&&) = delete;

    [[nodiscard]] bool empty() const noexcept { return rows_.empty() && opaque_.empty(); }
    [[nodiscard]] std::size_t byte_count() const noexcept { return bytes_.size(); }
    /// In the order of MessageId.
    [[nodiscard]] const std::vector<Entry>& opaque() const noexcept { return opaque_; }
    /// Null: nothing is known beyond the row.
    [[nodiscard]] const Entry* row(std::string_view id) const noexcept;
    [[nodiscard]] const Entry* opaque(std::string_view id) const noexcept;

private:
    /// False: it makes no sense.
    bool take(std::string_view frame);

    std::string bytes_;
    std::vector<Entry> rows_, opaque_;
};

/// Writes such a file: entries in any order, rows and opaque ones each in theirs.
class ExtraWriter {
public:
    void add(std::string_view id, std::string_view state);
    [[nodiscard]] bool empty() const noexcept { return content_.empty(); }
    void write(
        const std::filesystem::path& file, const std::filesystem::path& beside, Scope scope,
        status::Durability durability) const;

private:
    std::string content_;
};

}  // namespace offlineimap::status_plain
