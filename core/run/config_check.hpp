// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config_problems.hpp"

#include "core/config/model.hpp"
#include "core/host/loader.hpp"

#include <offlineimap/script.hpp>

#include <string>
#include <vector>

namespace offlineimap::core {

/// Everything that is wrong with a configuration, not only the first. Expressions are compiled;
/// those that yield a setting other than a secret are evaluated, and the functions for folders are
/// asked about INBOX. Asks no server.
[[nodiscard]] ConfigProblems
check_config(const Config& config, const PluginLoader& loader, Script& script);

/// The names that may stand in the section of a repository: the core's, and its plugin's where the
/// plugin is there.
[[nodiscard]] std::vector<std::string>
names_in_repository(const Section& repository, const PluginLoader& loader);

}  // namespace offlineimap::core
