// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "extra_file.hpp"
#include "original_file.hpp"
#include "seal.hpp"
#include "walk.hpp"

#include "common-status/letters.hpp"
#include "common-status/replaced_file.hpp"

namespace offlineimap::status_plain {

/// The labels column of a list; what would end a line is a blank in it.
[[nodiscard]] std::string label_column(OriginalFile::Format, std::span<const std::string> labels);

/// Whether our exact list is still what stands behind the column, which the original may have
/// written meanwhile.
[[nodiscard]] bool
is_still_exact(OriginalFile::Format, std::span<const std::string> exact, std::string_view column);

/// Where the files of a folder are, and where each is written at first.
struct FolderPaths {
    std::filesystem::path original, log, extra, original_beside, extra_beside;
};

/// Writes the files of a folder anew, message by message. Nothing is replaced before commit().
class FolderWriter {
public:
    /// `old` and `letters` outlive the writer.
    FolderWriter(
        const OriginalFile& old, const ExtraFile& old_extra, const status::Letters& letters,
        const FolderPaths& paths, Scope scope, status::Durability durability);

    void write(const Step& step);
    /// The seal of the original's file as it is then.
    Seal commit();

private:
    void copy(const Step& step);
    void write(const Step& step, const Record& record);
    void write_row(const Step& step, const Record& record);

    const OriginalFile& old_;
    const ExtraFile& old_extra_;
    const status::Letters& letters_;
    const FolderPaths& paths_;
    Scope scope_;
    status::Durability durability_;
    status::ReplacedFile original_;
    ExtraWriter extra_;
    std::uint64_t size_ = 0;
};

}  // namespace offlineimap::status_plain
