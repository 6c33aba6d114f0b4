// SPDX-License-Identifier: Apache-2.0
#include "overrides.hpp"

#include "core/text/nearest_name.hpp"
#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <algorithm>
#include <string_view>

namespace offlineimap::core {

namespace {

struct Assignment {
    std::string section = "general", option, value;
};

Assignment parse_assignment(std::string_view spec)
{
    const auto equals = spec.find('=');
    if (equals == std::string_view::npos)
        throw Error(Errc::config, "option -k: expected \"[section:]option=value\", found no \"=\"");
    auto left = spec.substr(0, equals);
    Assignment result;
    if (const auto colon = left.rfind(':'); colon != std::string_view::npos) {
        result.section = left.substr(0, colon);
        left.remove_prefix(colon + 1);
    }
    result.option = lower(trimmed(left));
    result.value = spec.substr(equals + 1);
    if (result.option.empty())
        throw Error(Errc::config, "option -k: expected an option's name before the \"=\"");
    return result;
}

Section& find_section(const std::string& name, std::span<Section* const> sections)
{
    auto blanks = name;
    std::ranges::replace(blanks, '_', ' ');
    for (const auto& wanted : {name, blanks}) {
        const auto found = std::ranges::find(sections, wanted, &Section::title);
        if (found != sections.end()) return **found;
    }
    std::vector<std::string> titles;
    for (const Section* section : sections)
        titles.push_back(section->title);
    throw Error(
        Errc::config,
        concat(
            "option -k: there is no section ", in_quotes(blanks), did_you_mean(blanks, titles),
            "; there are: ", join(titles, ", ")));
}

void set_from_command_line(Section& section, std::string_view option, std::string_view value)
{
    section.set(option, {.text = std::string(value), .where = "command line"});
}

void limit_to_one_thread(Config& config)
{
    set_from_command_line(config.general, "maxsyncaccounts", "1");
    // As if by [DEFAULT]: not every kind of repository has connections.
    for (auto& repository : config.repositories)
        repository.set("maxconnections", {.text = "1", .where = "command line", .inherited = true});
}

}  // namespace

void apply_options(std::span<const std::string> specs, std::span<Section* const> sections)
{
    for (const auto& spec : specs) {
        const auto [section, option, value] = parse_assignment(spec);
        set_from_command_line(find_section(section, sections), option, value);
    }
}

void apply(const Overrides& overrides, Config& config)
{
    if (overrides.accounts && !overrides.accounts->empty())
        set_from_command_line(config.general, "accounts", *overrides.accounts);
    if (overrides.interface) set_from_command_line(config.general, "ui", *overrides.interface);
    if (overrides.dry_run) set_from_command_line(config.general, "dry-run", "True");
    if (overrides.ignore_keyring) set_from_command_line(config.general, "ignore-keyring", "True");
    if (overrides.update_keyring) set_from_command_line(config.general, "update-keyring", "True");
    if (overrides.single_thread) limit_to_one_thread(config);
    for (auto& account : config.accounts) {
        if (overrides.once) account.erase("autorefresh");
        if (overrides.quick) set_from_command_line(account, "quick", "-1");
    }
    config.only_folders = overrides.only_folders;
}

}  // namespace offlineimap::core
