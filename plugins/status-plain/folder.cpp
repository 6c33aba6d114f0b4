// SPDX-License-Identifier: Apache-2.0
#include "folder.hpp"

#include "common-status/columns.hpp"
#include "common-status/packing.hpp"
#include "common-status/text.hpp"

#include <algorithm>
#include <array>

namespace offlineimap::status_plain {
namespace {

namespace fs = std::filesystem;
using status::concat;

constexpr FrameKind log_kind {.name = "offlineimap status log ", .version = "1"};
/// Below this, a log is not worth writing a file anew in the middle of a run.
constexpr std::uint64_t small_log = 4 << 20;

// What a frame of the log begins with.
constexpr char seal_frame = 'S', changes_frame = 'C';

}  // namespace

PlainFolder::PlainFolder(
    Host& host, FolderPaths paths, status::Subject subject, status::Durability durability,
    const status::Letters& letters)
    : host_(host)
    , paths_(std::move(paths))
    , subject_(std::move(subject))
    , durability_(durability)
    , letters_(letters)
    , log_(paths_.log, log_kind, subject_, durability)
{
}

/// What cannot be written now is in the log, and is written the next time.
PlainFolder::~PlainFolder()
{
    try {
        if (stored_ && !stored_->changes.empty()) compact();
    } catch (const std::exception& error) {
        host_.log(Level::warning, error.what());
    }
}

/// Without the original's file there is nothing for ours to stand beside: the user has removed it.
PlainFolder::Stored::Stored(
    SealedText text, const status::Subject& subject, const FolderPaths& paths)
    : original(std::move(text.text), subject, paths.original)
    , extra(text.there ? paths.extra : fs::path(), subject)
    , seal(text.seal)
    , size(original.size() + extra.opaque().size())
{
}

// ---------------------------------------------------------------------------------- opening

PlainFolder::Stored& PlainFolder::stored()
{
    if (stored_) return *stored_;
    auto next =
        std::make_unique<Stored>(read_sealed(paths_.original, subject_.scope), subject_, paths_);
    read_log(*next);
    stored_ = std::move(next);
    return *stored_;
}

void PlainFolder::read_log(Stored& stored)
{
    std::optional<Seal> seal;
    std::vector<std::string> frames;
    log_.read([&](std::string_view frame) {
        const bool first = !seal;
        if (first && frame.starts_with(seal_frame)) seal = unpack_seal(frame.substr(1));
        if (!seal || (!first && !frame.starts_with(changes_frame))) fail_corrupt(paths_.log);
        if (!first) frames.emplace_back(frame.substr(1));
    });
    if (!seal) return;
    check_seal(stored, *seal, !frames.empty());
    if (seal->same_content(stored.seal)) {
        for (const auto& frame : frames)
            replay(stored, frame);
    } else {
        log_.clear();
    }
}

/// Whoever keeps a status by the original's rules replaces the file; only damage, or an editor,
/// changes it in its place.
void PlainFolder::check_seal(const Stored& stored, const Seal& kept, bool has_changes) const
{
    if (kept.same_content(stored.seal)) return;
    if (kept.same_file(stored.seal))
        throw status::corrupt(
            subject_, paths_.original, "it has been shortened or changed since it was written");
    if (has_changes)
        host_.log(
            Level::info,
            concat(
                subject_.name, ": ", paths_.original.string(),
                " was written by another program; it is taken as it is"));
}

void PlainFolder::replay(Stored& stored, std::string_view frame) const
{
    const bool sense = unpack_changes(frame, [&](Change next) { change(stored, std::move(next)); });
    if (!sense) fail_corrupt(paths_.log);
}

// ---------------------------------------------------------------------------------- reading

void PlainFolder::load(RecordSink& sink)
{
    const Stored& all = stored();
    Record record;
    walk(all.original, all.extra, all.changes, [&](const Step& step) {
        if (step.change != nullptr) {
            if (*step.change) sink.record(**step.change);
            return;
        }
        record.right = step.id;
        if (step.row)
            read_row(all, *step.row, record);
        else
            read_opaque(*step.opaque, record);
        sink.record(record);
    });
}

void PlainFolder::find(std::span<const MessageId> right, RecordSink& sink)
{
    if (right.empty()) return;
    const Stored& all = stored();
    for (const MessageId& id : right) {
        const auto change = all.changes.find(id);
        if (change == all.changes.end())
            find_stored(all, id, sink);
        else if (change->second)
            sink.record(*change->second);
    }
}

void PlainFolder::find_stored(const Stored& stored, const MessageId& id, RecordSink& sink) const
{
    Record record {.left = {}, .right = id, .flags = {}, .keywords = {}, .labels = {}};
    if (const auto number = status::row_id(id)) {
        const auto row = stored.original.find(*number);
        if (!row) return;
        read_row(stored, *row, record);
    } else {
        const auto* entry = stored.extra.opaque(id.value);
        if (entry == nullptr) return;
        read_opaque(*entry, record);
    }
    sink.record(record);
}

/// The strings of `record` are used again: a million rows cost no allocation.
void PlainFolder::read_row(const Stored& stored, std::size_t row, Record& record) const
{
    const auto columns = stored.original.columns(row);
    record.left.value = record.right.value;
    record.keywords.clear();
    letters_.read(columns.flags, record);
    record.labels =
        columns.labels.empty() ? std::vector<std::string>() : status::split_labels(columns.labels);
    if (const auto* entry = stored.extra.row(record.right.value)) {
        Record more;
        more.right = record.right;
        if (!status::Unpacker(entry->state).state(more)) fail_corrupt(paths_.extra);
        record.left = more.left;
        std::move(more.keywords.begin(), more.keywords.end(), std::back_inserter(record.keywords));
        if (is_still_exact(stored.original.format(), more.labels, columns.labels))
            record.labels = std::move(more.labels);
    }
    if (record.keywords.size() > 1) {
        std::sort(record.keywords.begin(), record.keywords.end());
        const auto end = std::unique(record.keywords.begin(), record.keywords.end());
        record.keywords.erase(end, record.keywords.end());
    }
}

void PlainFolder::read_opaque(const ExtraFile::Entry& entry, Record& record) const
{
    if (!status::Unpacker(entry.state).state(record)) fail_corrupt(paths_.extra);
}

std::uint64_t PlainFolder::size()
{
    return stored().size;
}

// ---------------------------------------------------------------------------------- writing

void PlainFolder::apply(const Batch& batch)
{
    if (batch.put.empty() && batch.erase.empty()) return;
    Stored& all = stored();
    const std::string changes = packed(batch);
    if (changes.size() <= 1) return;
    if (log_.size() == 0) {
        std::string seal(1, seal_frame);
        pack(seal, all.seal);
        log_.append(std::array<std::string_view, 2> {seal, changes});
    } else {
        log_.append(std::array<std::string_view, 1> {changes});
    }
    replay(all, std::string_view(changes).substr(1));
    compact_if_large();
}

std::string PlainFolder::packed(const Batch& batch)
{
    std::string frame(1, changes_frame);
    for (const MessageId& id : batch.erase)
        if (contains(*stored_, id)) pack_change(frame, id, nullptr);
    for (const Record& record : batch.put) {
        if (record.right.empty())
            throw Error(
                Errc::internal, subject_.scope, Retry::never,
                concat("write ", subject_.name, ": a record has no right id"));
        pack_change(frame, record.right, &record);
    }
    return frame;
}

bool PlainFolder::contains(const Stored& stored, const MessageId& id) const
{
    if (const auto change = stored.changes.find(id); change != stored.changes.end())
        return change->second.has_value();
    if (const auto number = status::row_id(id)) return stored.original.find(*number).has_value();
    return stored.extra.opaque(id.value) != nullptr;
}

void PlainFolder::change(Stored& stored, Change change) const
{
    if (contains(stored, change.id)) --stored.size;
    if (change.record) ++stored.size;
    stored.changes.insert_or_assign(std::move(change.id), std::move(change.record));
}

/// The files grow as the log does, so that what is written again stays in proportion to what is
/// written once.
void PlainFolder::compact_if_large()
{
    const std::uint64_t files = stored_->original.byte_count() + stored_->extra.byte_count();
    if (log_.size() < std::max({small_log, files, next_look_})) return;
    try {
        compact();
        next_look_ = 0;
    } catch (const Error& error) {
        next_look_ = 2 * log_.size();
        host_.log(Level::warning, error.what());
    }
}

void PlainFolder::compact()
{
    const Stored& all = *stored_;
    FolderWriter writer(all.original, all.extra, letters_, paths_, subject_.scope, durability_);
    walk(all.original, all.extra, all.changes, [&](const Step& step) { writer.write(step); });
    const Seal seal = writer.commit();
    stored_.reset();
    std::string frame(1, seal_frame);
    pack(frame, seal);
    log_.restart(frame);
}

void PlainFolder::fail_corrupt(const std::filesystem::path& file) const
{
    throw status::corrupt(subject_, file, "a part of it makes no sense");
}

}  // namespace offlineimap::status_plain
