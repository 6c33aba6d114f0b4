// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/status.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace offlineimap::status_plain {

/// What is newer than the files: a record, or nullopt for a message that is gone.
using Overlay = std::map<MessageId, std::optional<Record>>;

/// A change of one message, as a frame of the log holds many.
struct Change {
    MessageId id;
    std::optional<Record> record;
};

void pack_change(std::string& out, const MessageId& id, const Record* record);

/// One change from the front of `frame`; nullopt: it makes no sense.
[[nodiscard]] std::optional<Change> unpack_change(std::string_view& frame);

/// Hands over each change of a frame. False: what is left of it makes no sense.
template <class Take> bool unpack_changes(std::string_view frame, Take take)
{
    while (!frame.empty()) {
        auto change = unpack_change(frame);
        if (!change) return false;
        take(std::move(*change));
    }
    return true;
}

}  // namespace offlineimap::status_plain
