// SPDX-License-Identifier: Apache-2.0
#include "typed.hpp"

#include "core/config/values.hpp"
#include "core/text/strings.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace offlineimap::core {

namespace {

using Words = std::vector<std::string>;

std::string absolute_path(const std::filesystem::path& file)
{
    return std::filesystem::absolute(expand_home(file.string())).string();
}

/// Whether an option of this name may hold a secret, rather than say where one is.
bool may_be_secret(std::string_view option)
{
    constexpr std::array<std::string_view, 4> places {"file", ".netrc", ".keyring", ".prompt"};
    constexpr std::array<std::string_view, 3> words {"pass", "secret", "token"};
    const auto is_part = [&](std::string_view word) { return option.find(word) != option.npos; };
    return std::ranges::any_of(words, is_part)
        && std::ranges::none_of(
               places, [&](std::string_view place) { return option.ends_with(place); });
}

/// As in https://user:password@proxy.example.
bool holds_credentials(std::string_view value)
{
    const auto scheme = value.find("://");
    return scheme != value.npos && value.find('@', scheme) != value.npos;
}

void add_settings(const Words& settings, sync::Typed& typed)
{
    for (const auto& setting : settings) {
        const auto equals = std::min(setting.find('='), setting.size());
        const auto name = setting.substr(0, equals);
        const auto option = name.substr(name.rfind(':') + 1);  // npos + 1 is 0
        if (may_be_secret(lower(trimmed(option))) || holds_credentials(setting.substr(equals)))
            typed.unshown.push_back(name);
        else
            typed.common.insert(typed.common.end(), {"-k", setting});
    }
}

}  // namespace

sync::Typed typed(const CommandLine& line)
{
    const auto& overrides = line.overrides;
    sync::Typed typed;
    if (line.config_file) typed.common = {"-c", absolute_path(*line.config_file)};
    if (overrides.only_folders)
        typed.common.insert(typed.common.end(), {"-f", join(*overrides.only_folders, ",")});
    add_settings(overrides.options, typed);
    if (overrides.quick) typed.of_run.emplace_back("-q");
    if (overrides.single_thread) typed.of_run.emplace_back("-1");
    if (overrides.ignore_keyring) typed.of_run.emplace_back("--ignore-keyring");
    typed.accounts = overrides.accounts;
    if (line.apply) {
        typed.task = sync::Typed::Task::apply;
        typed.own = {
            "--apply", *line.apply == "-" ? "-" : std::filesystem::absolute(*line.apply).string(),
            "--approve-deletes"};
    }
    return typed;
}

}  // namespace offlineimap::core
