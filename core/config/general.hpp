// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <offlineimap/plugin.hpp>

#include <chrono>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace offlineimap::core {

struct GeneralSettings {
    std::filesystem::path metadata;
    std::vector<std::string> accounts;  ///< the chosen ones, each once
    unsigned max_sync_accounts = 1;
    std::vector<std::string> interfaces;  ///< in lower case; the first usable one is meant
    std::chrono::seconds socket_timeout {0};
    bool fsync = true;
    bool ignore_readonly = false;
    bool ignore_keyring = false, update_keyring = false;
    bool dry_run = false;
    std::vector<std::filesystem::path> plugin_path;
    std::vector<std::string> warnings;
};

/// `components` are the tables of plugins that look into [general], too: what they name is not
/// unknown there. Throws config.
[[nodiscard]] GeneralSettings
general_settings(const Config& config, std::span<const Option> components = {});

}  // namespace offlineimap::core
