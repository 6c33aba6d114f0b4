// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/model.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace offlineimap::core {

/// Throws config where two accounts of the configuration would keep their mail in the same local
/// folders: each would take the other's mail for new, or for removed. Two accounts below one root
/// are left alone where a nametrans, folderfilter or folderincludes may keep them apart.
void refuse_shared_folders(const Config& config);

/// Which of the other accounts below the same root has records of a local folder, by the name of
/// the records: what no rule of the configuration tells beforehand.
std::map<std::string, std::string> other_owners(
    const Config& config, const std::filesystem::path& metadata, const std::string& account);

}  // namespace offlineimap::core
