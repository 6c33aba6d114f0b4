// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/folder_order.hpp"
#include "core/config/folder_rules.hpp"
#include "core/config/repository.hpp"
#include "core/config/settings.hpp"
#include "core/sync/account_sync.hpp"

namespace offlineimap::core {

/// Which folders of a repository take part, under which names on the other side, and in which
/// order. `folders` and `order` outlive it; it calls them, and throws what they throw. Settings of
/// a wrong type throw config.
[[nodiscard]] sync::FolderRules pairing_rules(
    const FolderRules& folders, const FolderOrder& order, const RepositorySettings& repository,
    const SectionSettings& settings, const std::string& separator_of_other_side);

}  // namespace offlineimap::core
