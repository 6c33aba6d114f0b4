// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <offlineimap/repository.hpp>

#include <span>

namespace offlineimap::imap {

// Nothing that changes a folder is sent before the answer to its own SELECT has shown the expected
// UIDVALIDITY. The next folder's SELECT leaves together with the changes to this one, so that N
// folders cost N + 1 turns.

/// Session::update(). Messages with the same change share a UID STORE.
void update_messages(Context& context, std::span<const Update> updates, ResultSink& sink);
/// Session::remove(). UID EXPUNGE where the server has it; else EXPUNGE if no message but ours is
/// \Deleted; else they stay flagged, and the log says so.
void remove_messages(Context& context, std::span<const MessageRef> messages, ResultSink& sink);
/// Session::move() by UID MOVE.
void move_messages(Context& context, std::span<const Move> moves, StoreSink& sink);

}  // namespace offlineimap::imap
