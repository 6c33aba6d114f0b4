// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "general.hpp"
#include "model.hpp"
#include "repository.hpp"
#include "settings.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

// The typed settings of an account. Pointers lead into the Config, which outlives what is here.

namespace offlineimap::core {

/// `maxage`: days before now, or a day.
using AgeLimit = std::variant<std::chrono::days, std::chrono::sys_days>;

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
    DeletionBudget max_deletes = {};
    bool utf8_folder_names = false;
    std::vector<std::string> filter_headers;
    std::vector<std::string> warnings;
};

/// What reading accounts may need besides the configuration.
struct AccountContext {
    Script* script = nullptr;            ///< as in expressions.hpp
    std::span<const Option> components;  ///< as above, for the accounts' sections
};

/// The accounts that `general` chooses, in its order. Throws config: a name that is not there
/// comes with those that are.
[[nodiscard]] std::vector<AccountSettings> account_settings(
    const Config& config, const GeneralSettings& general, const AccountContext& context = {});

/// Where the plugin of one of the account's repositories finds its settings.
[[nodiscard]] SettingsSource repository_source(
    const Config& config, const AccountSettings& account, const RepositorySettings& repository,
    Script* script);

/// Where the account's status store does: as the original, in the local repository's section, which
/// it shares.
[[nodiscard]] SettingsSource
status_source(const Config& config, const AccountSettings& account, Script* script);

}  // namespace offlineimap::core
