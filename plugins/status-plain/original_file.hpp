// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-status/files.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::status_plain {

/// A line of the original's file, but for its id.
struct Columns {
    std::string_view flags, mtime, labels;
};

/// The text of the original's status file, formats 1 and 2.
class OriginalFile {
public:
    enum class Format : std::uint8_t { one = 1, two = 2 };

    /// None: as if it were of format 2 and empty.
    OriginalFile() = default;
    /// Throws corrupt, also for a format that is not known. `file` is for messages.
    OriginalFile(
        std::string text, const status::Subject& subject, const std::filesystem::path& file);

    [[nodiscard]] Format format() const noexcept { return format_; }
    [[nodiscard]] std::size_t byte_count() const noexcept { return text_.size(); }
    /// The rows in the order of their ids, each id once.
    [[nodiscard]] std::size_t size() const noexcept { return rows_.size(); }
    [[nodiscard]] std::int64_t id(std::size_t row) const noexcept { return rows_[row].id; }
    [[nodiscard]] std::optional<std::size_t> find(std::int64_t id) const noexcept;
    /// Without the line end.
    [[nodiscard]] std::string_view line(std::size_t row) const noexcept;
    [[nodiscard]] Columns columns(std::size_t row) const noexcept;

private:
    struct Row {
        std::int64_t id;
        std::size_t at;
    };
    void read_head(std::string_view line, const status::Subject&, const std::filesystem::path&);
    void read_rows(std::size_t at, const status::Subject&, const std::filesystem::path&);
    void sort_rows();

    std::string text_;
    Format format_ = Format::two;
    std::vector<Row> rows_;
};

/// With its line end.
[[nodiscard]] std::string original_head(OriginalFile::Format format);
void append_line(
    std::string& out, OriginalFile::Format format, std::string_view id, const Columns& columns);

}  // namespace offlineimap::status_plain
