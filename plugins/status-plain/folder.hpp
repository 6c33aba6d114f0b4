// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "frame_log.hpp"
#include "writer.hpp"

#include "common-status/letters.hpp"

#include <offlineimap/status.hpp>

#include <memory>

namespace offlineimap::status_plain {

/// One folder. Changes go to the log, one frame a batch; the original's file is written anew when
/// the folder is closed, and before that when the log has outgrown it. The log begins with the seal
/// of the original's file that its changes are for: if that has been replaced by another, by
/// the original or by ourselves just before a crash, that one knows more.
class PlainFolder final : public StatusFolder {
public:
    /// `host` and `letters` outlive the folder.
    PlainFolder(
        Host& host, FolderPaths paths, status::Subject subject, status::Durability durability,
        const status::Letters& letters);
    ~PlainFolder() override;

    void load(RecordSink& sink) override;
    void find(std::span<const MessageId> right, RecordSink& sink) override;
    std::uint64_t size() override;
    void apply(const Batch& batch) override;

private:
    struct Stored {
        OriginalFile original;
        ExtraFile extra;
        Seal seal;
        Overlay changes;
        std::uint64_t size = 0;  ///< records, with the changes
        Stored(SealedText text, const status::Subject& subject, const FolderPaths& paths);
    };

    Stored& stored();
    void read_log(Stored& stored);
    void replay(Stored& stored, std::string_view frame) const;
    void check_seal(const Stored& stored, const Seal& kept, bool has_changes) const;

    [[nodiscard]] bool contains(const Stored& stored, const MessageId& id) const;
    void change(Stored& stored, Change change) const;
    void read_row(const Stored& stored, std::size_t row, Record& record) const;
    void read_opaque(const ExtraFile::Entry& entry, Record& record) const;
    void find_stored(const Stored& stored, const MessageId& id, RecordSink& sink) const;

    [[nodiscard]] std::string packed(const Batch& batch);
    void compact_if_large();
    void compact();
    [[noreturn]] void fail_corrupt(const std::filesystem::path& file) const;

    Host& host_;
    FolderPaths paths_;
    status::Subject subject_;
    status::Durability durability_;
    const status::Letters& letters_;
    FrameLog log_;
    std::unique_ptr<Stored> stored_;
    std::uint64_t next_look_ = 0;  ///< log size before which compacting is not tried again
};

}  // namespace offlineimap::status_plain
