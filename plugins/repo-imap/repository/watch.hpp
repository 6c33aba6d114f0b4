// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <offlineimap/repository.hpp>

#include <span>

namespace offlineimap::imap {

/// Whether one connection is told of all folders; not where the server refused to.
[[nodiscard]] bool can_notify(const Context& context);

/// Session::watch(). NOTIFY (RFC 5465) tells of all folders on one connection. Else IDLE (RFC 2177)
/// tells of the first one, and STATUS is asked for the others now and then; where there is no IDLE
/// either, for all of them.
void watch_folders(
    Context& context, std::span<const FolderPath> paths, WatchSink& sink, const Cancel& stop);

}  // namespace offlineimap::imap
