// SPDX-License-Identifier: Apache-2.0
#include "overlay.hpp"

#include "common-status/packing.hpp"

namespace offlineimap::status_plain {

void pack_change(std::string& out, const MessageId& id, const Record* record)
{
    std::string packed;
    if (record != nullptr) status::pack_state(packed, *record);
    status::pack(out, id.value);
    status::pack(out, packed);
}

std::optional<Change> unpack_change(std::string_view& frame)
{
    status::Unpacker unpacker(frame);
    const auto id = unpacker.text(), state = unpacker.text();
    if (!id || !state) return std::nullopt;
    frame = unpacker.rest();
    Change change {.id = {std::string(*id)}, .record = std::nullopt};
    if (state->empty()) return change;
    change.record.emplace();
    change.record->right = change.id;
    if (!status::Unpacker(*state).state(*change.record)) return std::nullopt;
    return change;
}

}  // namespace offlineimap::status_plain
