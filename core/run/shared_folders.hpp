// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/model.hpp"

namespace offlineimap::core {

/// Throws config where two accounts of the configuration would keep their mail in the same local
/// folders: each would take the other's mail for new, or for removed. Two accounts below one root
/// are left alone where a nametrans, folderfilter or folderincludes may keep them apart.
void refuse_shared_folders(const Config& config);

}  // namespace offlineimap::core
