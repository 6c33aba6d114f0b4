// SPDX-License-Identifier: Apache-2.0
#include "original_file.hpp"

#include "common-status/text.hpp"

#include <algorithm>
#include <charconv>

namespace offlineimap::status_plain {
namespace {

using status::concat;

constexpr std::string_view head = "OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT ";

/// What stands before the id's end, or nothing.
std::optional<std::int64_t> id_in(std::string_view line, char separator)
{
    std::int64_t id = 0;
    const char* end = line.data() + line.size();
    const auto [stop, error] = std::from_chars(line.data(), end, id);
    if (error != std::errc() || stop == end || *stop != separator) return std::nullopt;
    return id;
}

bool is_row(std::string_view line, OriginalFile::Format format)
{
    const auto bars = std::count(line.begin(), line.end(), '|');
    return format == OriginalFile::Format::one || bars >= 3;
}

}  // namespace

OriginalFile::OriginalFile(
    std::string text, const status::Subject& subject, const std::filesystem::path& file)
    : text_(std::move(text))
{
    if (text_.empty()) return;
    if (text_.back() != '\n') throw status::corrupt(subject, file, "it ends within a line");
    const auto end = text_.find('\n');
    read_head(std::string_view(text_).substr(0, end), subject, file);
    read_rows(end + 1, subject, file);
    sort_rows();
}

void OriginalFile::read_head(
    std::string_view line, const status::Subject& subject, const std::filesystem::path& file)
{
    if (!line.starts_with(head))
        throw status::corrupt(subject, file, "it does not begin as the original's status does");
    const auto number = line.substr(head.size());
    if (number == "1")
        format_ = Format::one;
    else if (number != "2")
        throw status::corrupt(
            subject, file,
            concat(
                "it is of format ", number.substr(0, 20),
                ", this offlineimap knows the formats 1 and 2"));
}

/// Rows that are not positive are of messages that never got an id; the original has left some.
void OriginalFile::read_rows(
    std::size_t at, const status::Subject& subject, const std::filesystem::path& file)
{
    const std::string_view text = text_;
    const char separator = format_ == Format::one ? ':' : '|';
    rows_.reserve((text.size() - at) / 12);
    for (std::size_t number = 2; at < text.size(); ++number) {
        const auto end = text.find('\n', at);
        const auto line = text.substr(at, end - at);
        const auto id = id_in(line, separator);
        if (!id || !is_row(line, format_))
            throw status::corrupt(
                subject, file, concat("line ", std::to_string(number), " makes no sense"));
        if (*id > 0) rows_.push_back({*id, at});
        at = end + 1;
    }
}

/// Of an id that is there twice the last line counts, as for the original.
void OriginalFile::sort_rows()
{
    const auto before = [](const Row& a, const Row& b) { return a.id < b.id; };
    const auto not_before = [](const Row& a, const Row& b) { return a.id >= b.id; };
    if (std::adjacent_find(rows_.begin(), rows_.end(), not_before) == rows_.end()) return;
    std::stable_sort(rows_.begin(), rows_.end(), before);
    const auto same = [](const Row& a, const Row& b) { return a.id == b.id; };
    const auto end = std::unique(rows_.rbegin(), rows_.rend(), same);
    rows_.erase(rows_.begin(), end.base());
}

std::optional<std::size_t> OriginalFile::find(std::int64_t id) const noexcept
{
    const auto found =
        std::lower_bound(rows_.begin(), rows_.end(), id, [](const Row& row, std::int64_t key) {
            return row.id < key;
        });
    if (found == rows_.end() || found->id != id) return std::nullopt;
    return static_cast<std::size_t>(found - rows_.begin());
}

std::string_view OriginalFile::line(std::size_t row) const noexcept
{
    const std::size_t at = rows_[row].at;
    return std::string_view(text_).substr(at, text_.find('\n', at) - at);
}

Columns OriginalFile::columns(std::size_t row) const noexcept
{
    auto rest = line(row);
    if (format_ == Format::one) return {rest.substr(rest.find(':') + 1), {}, {}};
    Columns columns;
    rest.remove_prefix(rest.find('|') + 1);
    columns.flags = rest.substr(0, rest.find('|'));
    rest.remove_prefix(columns.flags.size() + 1);
    columns.mtime = rest.substr(0, rest.find('|'));
    columns.labels = rest.substr(columns.mtime.size() + 1);
    return columns;
}

std::string original_head(OriginalFile::Format format)
{
    return concat(head, format == OriginalFile::Format::one ? "1\n" : "2\n");
}

void append_line(
    std::string& out, OriginalFile::Format format, std::string_view id, const Columns& columns)
{
    out += id;
    if (format == OriginalFile::Format::one) {
        out += ':';
        out += columns.flags;
    } else {
        out += '|';
        out += columns.flags;
        out += '|';
        out += columns.mtime.empty() ? std::string_view("0") : columns.mtime;
        out += '|';
        out += columns.labels;
    }
    out += '\n';
}

}  // namespace offlineimap::status_plain
