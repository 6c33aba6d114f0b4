// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <offlineimap/repository.hpp>

#include <span>

namespace offlineimap::imap {

/// Session::fetch(). Texts are asked for by sets, many sets in flight, the folders' EXAMINEs in
/// between; each text goes to the sink as it arrives.
void fetch_messages(
    Context& context, std::span<const MessageRef> messages, Part part, FetchSink& sink);

}  // namespace offlineimap::imap
