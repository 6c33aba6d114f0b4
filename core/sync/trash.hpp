// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

namespace offlineimap::sync {

/// The folder that takes what is removed on that side; made if it is missing. It need not be one
/// that is synchronised. Throws what the repository throws.
FolderIndex trash_folder(SyncContext& context, Side side);

}  // namespace offlineimap::sync
