// SPDX-License-Identifier: Apache-2.0
#include "general.hpp"

#include "core_settings.hpp"
#include "values.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <iterator>

namespace offlineimap::core {

namespace {

std::vector<std::string> interface_names(const std::vector<std::string>& names)
{
    std::vector<std::string> result;
    result.reserve(names.size());
    for (const auto& name : names)
        result.push_back(lower(trimmed(name)));
    return result;
}

unsigned parallel_accounts(const Section& section, const Settings& settings)
{
    const auto count = settings.number("maxsyncaccounts");
    if (count < 1 || count > 1000)
        fail(section, "maxsyncaccounts", settings, "expected a number from 1 to 1000");
    return static_cast<unsigned>(count);
}

std::vector<std::string> without_repetitions(const std::vector<std::string>& names)
{
    std::vector<std::string> result;
    for (const auto& name : names)
        if (std::ranges::find(result, name) == result.end()) result.push_back(name);
    return result;
}

}  // namespace

GeneralSettings general_settings(const Config& config, std::span<const Option> components)
{
    const auto& section = config.general;
    const auto settings = core_settings(section, SectionKind::general, config.syntax, components);
    GeneralSettings result;
    result.metadata = settings.text("metadata");
    result.accounts = without_repetitions(settings.list("accounts"));
    if (result.accounts.empty()) fail(section, "accounts", settings, "names no account");
    result.max_sync_accounts = parallel_accounts(section, settings);
    result.interfaces = interface_names(settings.list("ui"));
    result.socket_timeout = std::chrono::seconds(settings.number("socktimeout"));
    result.fsync = settings.flag("fsync");
    result.ignore_readonly = settings.flag("ignore-readonly");
    result.dry_run = settings.flag("dry-run");
    result.ignore_keyring = settings.flag("ignore-keyring");
    result.update_keyring = settings.flag("update-keyring");
    for (const auto& folder : settings.list("plugin-path"))
        result.plugin_path.emplace_back(expand_path(folder));
    result.warnings = config.warnings;
    std::ranges::copy(settings.warnings(), std::back_inserter(result.warnings));
    return result;
}

}  // namespace offlineimap::core
