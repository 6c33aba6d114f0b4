// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config_problems.hpp"

#include "core/config/folder_rules.hpp"
#include "core/host/loader.hpp"

#include <offlineimap/script.hpp>

namespace offlineimap::core {

/// What a repository is checked with. All of it outlives the check.
struct RepositoryBench {
    const Config& config;
    const PluginLoader& loader;
    Script& script;
};

/// nullptr: the section has no type. Throws config where no plugin has it.
[[nodiscard]] const Component* component_of(const Section& repository, const PluginLoader& loader);

/// Adds everything that is wrong with the section of a repository: its options by themselves and
/// together, its folder rules, and what its plugin says to them.
void check_repository(
    const Section& repository, const RepositoryBench& bench, ConfigProblems& problems);

}  // namespace offlineimap::core
