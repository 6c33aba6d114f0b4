// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <offlineimap/plugin.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace offlineimap::core {

struct RepositorySettings {
    std::string name, type;            ///< type in lower case: "imap"
    const Section* section = nullptr;  ///< for the plugin's own settings
    bool create_folders = true;
    bool readonly = false;
    bool sync_deletes = true;
    std::optional<std::chrono::sys_days> start_date;
    std::string newmail_hook;  ///< a shell command in YAML, a Python function in an rc file
};

/// The repository that `option` of the account, which is set, names. `script` as in
/// expressions.hpp. Throws config.
[[nodiscard]] RepositorySettings repository_settings(
    const Config& config, const Section& account, std::string_view option, Script* script);

}  // namespace offlineimap::core
