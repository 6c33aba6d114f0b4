// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <optional>

namespace offlineimap::sync {

/// Whether what is found is carried out, or only looked at.
enum class Rehearsal : std::uint8_t { no, yes };

/// Whether a folder that may be another one of that name is put together all the same: because the
/// user has said so.
enum class Doubt : std::uint8_t { gives_up, accepted };

/// A note of this name says that a recovery began in a run that did not end.
constexpr auto renumbering_note = "renumbering";

/// On that side there is another folder of that name.
struct AnotherFolder {
    Side on = Side::left;
    Error why;
};

struct Recovered {
    FolderChanges changes;  ///< with `another`: what was known and is not in it
    std::optional<AnotherFolder> another;
};

/// A folder whose ids mean nothing any more, because one side (or both) numbers its messages anew
/// (UIDVALIDITY). `changes` holds snapshots of both sides and all records.
///
/// Messages are put together again by content: size, header with its Message-ID, text where that is
/// not enough. Where that is certain, the left side takes over the new ids if it takes ids, records
/// are replaced, with the marks they had, and what is returned can be planned as any folder: no
/// message that both sides have is transferred, none is removed. One that was recorded and is found
/// on one side only stays there and is copied.
///
/// Throws Error{epoch_changed, Scope::folder} where it is not certain; nothing was changed then,
/// and nothing where most of what was known is not in the folder of one side: it is another one. A
/// run that ends in the middle leaves a note, the next one begins anew.
Recovered recover(
    SyncContext& context, FolderChanges changes, const Both<bool>& renumbered, Rehearsal rehearsal,
    Doubt doubt = Doubt::gives_up);

}  // namespace offlineimap::sync
