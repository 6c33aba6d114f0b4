// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <offlineimap/plugin.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace offlineimap::core {

/// `max_deletes`: what the deletion guard lets through. Neither: everything.
struct DeletionBudget {
    std::optional<unsigned> percent;
    std::optional<std::uint64_t> messages;
};

struct RepositorySettings {
    std::string name, type;            ///< type in lower case: "imap"
    const Section* section = nullptr;  ///< for the plugin's own settings
    bool create_folders = true;
    bool readonly = false;
    bool sync_deletes = true;
    std::optional<std::chrono::sys_days> start_date;
    std::optional<DeletionBudget> max_deletes = {};
    std::string trash = {};
    std::string newmail_hook;  ///< a shell command in YAML, a Python function in an rc file
};

/// What `max_deletes` of a section says; nothing when it is empty. Throws config.
[[nodiscard]] std::optional<DeletionBudget>
deletion_budget(const Section& section, const Settings& settings);

/// The repository that `option` of the account, which is set, names. `script` as in
/// expressions.hpp. Throws config.
[[nodiscard]] RepositorySettings repository_settings(
    const Config& config, const Section& account, std::string_view option, Script* script);

}  // namespace offlineimap::core
