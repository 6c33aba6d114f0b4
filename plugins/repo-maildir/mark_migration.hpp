// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_tree.hpp"

#include <offlineimap/facets.hpp>

namespace offlineimap::maildir {

/// Gives the files that bear a folder's own name as their mark its visible name instead, in every
/// folder. Returns how many there are. Throws io.
std::uint64_t
migrate_marks(FolderTree& tree, const Options& options, Doing doing, const Cancel& cancel);

}  // namespace offlineimap::maildir
