// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sessions.hpp"

#include <span>

namespace offlineimap::sync {

/// Session::fetch() with as many sessions, one after the other, as it takes until each message was
/// reported; what the other side asks patience for is asked for again.
void fetch_all(SessionPool& pool, std::span<const MessageRef> messages, Part part, FetchSink& sink);

}  // namespace offlineimap::sync
