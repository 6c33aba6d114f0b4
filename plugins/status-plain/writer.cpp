// SPDX-License-Identifier: Apache-2.0
#include "writer.hpp"

#include "common-status/columns.hpp"
#include "common-status/packing.hpp"

#include <algorithm>

namespace offlineimap::status_plain {

std::string label_column(OriginalFile::Format format, std::span<const std::string> labels)
{
    if (format == OriginalFile::Format::one || labels.empty()) return {};
    std::string column = status::join_labels(labels);
    std::replace_if(
        column.begin(), column.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return column;
}

bool is_still_exact(
    OriginalFile::Format format, std::span<const std::string> exact, std::string_view column)
{
    return !exact.empty() && label_column(format, exact) == column;
}

FolderWriter::FolderWriter(
    const OriginalFile& old, const ExtraFile& old_extra, const status::Letters& letters,
    const FolderPaths& paths, Scope scope, status::Durability durability)
    : old_(old)
    , old_extra_(old_extra)
    , letters_(letters)
    , paths_(paths)
    , scope_(scope)
    , durability_(durability)
    , original_(paths.original, paths.original_beside, scope, durability)
{
    const std::string head = original_head(old.format());
    original_.write(head);
    size_ = head.size();
}

void FolderWriter::write(const Step& step)
{
    if (step.change == nullptr)
        copy(step);
    else if (*step.change)
        write(step, **step.change);
}

void FolderWriter::copy(const Step& step)
{
    if (step.opaque != nullptr) {
        extra_.add(step.opaque->id, step.opaque->state);
        return;
    }
    const auto line = old_.line(*step.row);
    std::string& buffer = original_.buffer();
    buffer += line;
    buffer += '\n';
    size_ += line.size() + 1;
    if (const auto* entry = old_extra_.row(step.id.value)) extra_.add(entry->id, entry->state);
}

void FolderWriter::write(const Step& step, const Record& record)
{
    if (status::row_id(record.right)) {
        write_row(step, record);
        return;
    }
    std::string state;
    status::pack_state(state, record);
    extra_.add(record.right.value, state);
}

/// The original's time of the message stays as it is.
void FolderWriter::write_row(const Step& step, const Record& record)
{
    const auto format = old_.format();
    const std::string flags = letters_.write(record);
    const std::string labels = label_column(format, record.labels);
    Columns columns {.flags = flags, .mtime = {}, .labels = labels};
    if (step.row) columns.mtime = old_.columns(*step.row).mtime;
    std::string& buffer = original_.buffer();
    const std::size_t before = buffer.size();
    append_line(buffer, format, record.right.value, columns);
    size_ += buffer.size() - before;

    Record more {
        .left = record.left, .right = record.right, .flags = {}, .keywords = {}, .labels = {}};
    if (!record.keywords.empty()) more.keywords = letters_.without_letter(record);
    if (!record.labels.empty() && status::split_labels(labels) != record.labels)
        more.labels = record.labels;
    if (more.left == more.right && more.keywords.empty() && more.labels.empty()) return;
    std::string state;
    status::pack_state(state, more);
    extra_.add(record.right.value, state);
}

/// What is ours first: until the original's file is renamed into its place, the log holds all that
/// is new to either. An entry too many, of a message that is gone, does no harm.
Seal FolderWriter::commit()
{
    if (!extra_.empty() || status::is_there(paths_.extra))
        extra_.write(paths_.extra, paths_.extra_beside, scope_, durability_);
    original_.commit();
    return seal_of(original_.release(), size_, original_.checksum());
}

}  // namespace offlineimap::status_plain
