// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "extra_file.hpp"
#include "original_file.hpp"
#include "overlay.hpp"

#include "common-status/columns.hpp"

#include <optional>

namespace offlineimap::status_plain {

/// One message of a folder, by whichever holds it. A change may stand over a row or an entry.
struct Step {
    const MessageId& id;
    std::optional<std::size_t> row;
    const ExtraFile::Entry* opaque = nullptr;
    const std::optional<Record>* change = nullptr;
};

/// Rows and entries of the files as one ordered sequence.
class FileCursor {
public:
    FileCursor(const OriginalFile& original, const ExtraFile& extra)
        : original_(original), opaque_(extra.opaque())
    {
        name_row();
        name_opaque();
    }

    [[nodiscard]] bool at_end() const noexcept
    {
        return row_ == original_.size() && entry_ == opaque_.size();
    }
    [[nodiscard]] bool at_row() const noexcept
    {
        return entry_ == opaque_.size() || (row_ < original_.size() && row_id_ < opaque_id_);
    }
    [[nodiscard]] const MessageId& id() const noexcept { return at_row() ? row_id_ : opaque_id_; }
    [[nodiscard]] Step step() const noexcept
    {
        if (at_row()) return {.id = row_id_, .row = row_};
        return {.id = opaque_id_, .row = std::nullopt, .opaque = &opaque_[entry_]};
    }
    void advance()
    {
        if (at_row()) {
            ++row_;
            name_row();
        } else {
            ++entry_;
            name_opaque();
        }
    }

private:
    void name_row()
    {
        if (row_ < original_.size()) status::assign_number(row_id_.value, original_.id(row_));
    }
    void name_opaque()
    {
        if (entry_ < opaque_.size()) opaque_id_.value = opaque_[entry_].id;
    }

    const OriginalFile& original_;
    const std::vector<ExtraFile::Entry>& opaque_;
    std::size_t row_ = 0, entry_ = 0;
    MessageId row_id_, opaque_id_;
};

/// Every message in the order of its id, also those that a change has removed.
template <class Take>
void walk(const OriginalFile& original, const ExtraFile& extra, const Overlay& changes, Take take)
{
    FileCursor files(original, extra);
    auto change = changes.begin();
    while (!files.at_end() || change != changes.end()) {
        if (files.at_end() || (change != changes.end() && change->first < files.id())) {
            take(Step {.id = change->first, .row = std::nullopt, .change = &change->second});
            ++change;
            continue;
        }
        Step step = files.step();
        if (change != changes.end() && change->first == step.id) {
            step.change = &change->second;
            ++change;
        }
        take(step);
        files.advance();
    }
}

}  // namespace offlineimap::status_plain
