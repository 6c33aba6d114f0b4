// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <offlineimap/types.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace offlineimap::imap {

/// How many bytes the messages of each folder have (RFC 8438), all asked in one turn; nothing where
/// the server does not tell. It may have to look at every message for it: not for each run.
[[nodiscard]] std::vector<std::optional<std::uint64_t>>
folder_sizes(Context& context, std::span<const FolderIndex> folders);

}  // namespace offlineimap::imap
