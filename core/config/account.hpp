// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// The typed settings of the program and of its accounts. Pointers lead into the Config, which
// outlives what is here.

namespace offlineimap::core {

struct GeneralSettings {
    std::filesystem::path metadata;
    std::vector<std::string> accounts;  ///< the chosen ones, each once
    unsigned max_sync_accounts = 1;
    std::vector<std::string> interfaces;  ///< "ttyui"; the first usable one is meant
    std::chrono::seconds socket_timeout {0};
    bool fsync = true;
    bool ignore_readonly = false;
    bool dry_run = false;
    std::vector<std::filesystem::path> plugin_path;
    std::vector<std::string> warnings;
};

/// Throws config.
[[nodiscard]] GeneralSettings general_settings(const Config& config);

/// `maxage`: days before now, or a day.
using AgeLimit = std::variant<std::chrono::days, std::chrono::sys_days>;

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
};

struct AccountSettings {
    std::string name;
    const Section* section = nullptr;
    RepositorySettings local, remote;
    std::chrono::seconds autorefresh {0};  ///< 0: one run
    std::int64_t quick = 0;                ///< quick runs after each full one; negative: always
    std::string presync_hook, postsync_hook;
    std::optional<std::uint64_t> max_size;
    std::optional<AgeLimit> max_age;
    std::string status_backend;
    DeletionBudget max_deletes;
    bool utf8_folder_names = false;
    std::vector<std::string> filter_headers;
    std::vector<std::string> warnings;
};

/// The accounts that `general` chooses, in its order. Throws config: a name that is not there
/// comes with those that are.
[[nodiscard]] std::vector<AccountSettings>
account_settings(const Config& config, const GeneralSettings& general);

}  // namespace offlineimap::core
