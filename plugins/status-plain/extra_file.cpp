// SPDX-License-Identifier: Apache-2.0
#include "extra_file.hpp"

#include "frames.hpp"

#include "common-status/columns.hpp"
#include "common-status/packing.hpp"
#include "common-status/replaced_file.hpp"

#include <algorithm>

namespace offlineimap::status_plain {
namespace {

constexpr FrameKind kind {.name = "offlineimap status extra ", .version = "1"};

bool is_before(std::string_view a, std::string_view b) noexcept
{
    return a.size() != b.size() ? a.size() < b.size() : a < b;
}

const ExtraFile::Entry*
found(const std::vector<ExtraFile::Entry>& entries, std::string_view id) noexcept
{
    const auto place = std::lower_bound(
        entries.begin(), entries.end(), id,
        [](const ExtraFile::Entry& entry, std::string_view key) {
            return is_before(entry.id, key);
        });
    return place != entries.end() && place->id == id ? &*place : nullptr;
}

}  // namespace

ExtraFile::ExtraFile(const std::filesystem::path& file, const status::Subject& subject)
    : bytes_(status::read_file(file, subject.scope))
{
    if (bytes_.empty()) return;
    bool sense = true;
    const auto end = read_frames(
        bytes_, kind, subject, file, [&](std::string_view frame) { sense = sense && take(frame); });
    if (!sense || end.count != 1 || end.whole != bytes_.size())
        throw status::corrupt(subject, file, "it is damaged or cut short");
}

bool ExtraFile::take(std::string_view frame)
{
    for (status::Unpacker unpacker(frame); !unpacker.at_end();) {
        const auto id = unpacker.text(), state = unpacker.text();
        if (!id || !state) return false;
        auto& entries = status::row_id({std::string(*id)}) ? rows_ : opaque_;
        entries.push_back({*id, *state});
    }
    return true;
}

const ExtraFile::Entry* ExtraFile::row(std::string_view id) const noexcept
{
    return rows_.empty() ? nullptr : found(rows_, id);
}

const ExtraFile::Entry* ExtraFile::opaque(std::string_view id) const noexcept
{
    return found(opaque_, id);
}

void ExtraWriter::add(std::string_view id, std::string_view state)
{
    status::pack(content_, id);
    status::pack(content_, state);
}

void ExtraWriter::write(
    const std::filesystem::path& file, const std::filesystem::path& beside, Scope scope,
    status::Durability durability) const
{
    std::string bytes = kind.head();
    append_frame(bytes, 0, content_);
    status::ReplacedFile replaced(file, beside, scope, durability);
    replaced.write(bytes);
    replaced.commit();
}

}  // namespace offlineimap::status_plain
