// SPDX-License-Identifier: Apache-2.0
#include "config_check.hpp"

#include "repository_check.hpp"

#include "core/config/account.hpp"
#include "core/config/core_settings.hpp"
#include "core/config/expressions.hpp"
#include "core/config/general.hpp"
#include "core/config/mbnames.hpp"
#include "core/config/values.hpp"
#include "core/text/nearest_name.hpp"

#include <filesystem>
#include <map>

namespace offlineimap::core {

namespace {

class Checker {
public:
    Checker(const Config& config, const PluginLoader& loader, Script& script)
        : config_(config), loader_(loader), script_(script)
    {
    }

    ConfigProblems check()
    {
        problems_.warnings = config_.warnings;
        check_section(config_.general, SectionKind::general);
        check_general();
        if (config_.mbnames) check_mbnames(*config_.mbnames);
        check_choice_of_accounts();
        for (const auto& account : config_.accounts)
            check_account(account);
        for (const auto& repository : config_.repositories)
            check_repository(repository, {config_, loader_, script_}, problems_);
        check_one_maildir_each();
        problems_.sort();
        return std::move(problems_);
    }

private:
    /// Each option by itself, and what is none.
    void check_section(const Section& section, SectionKind kind)
    {
        for (const auto& option : core_options(kind)) {
            SettingsSource source;
            source.chain = {&section};
            source.syntax = config_.syntax;
            source.kind = kind;
            source.script = &script_;
            source.unknown_options = UnknownOptions::pass_over;
            problems_.attempt([&] { static_cast<void>(SectionSettings({&option, 1}, source)); });
        }
        for (auto& unknown : unknown_options(section, known_names(kind)))
            if (config_.syntax == Syntax::yaml)
                problems_.add_error(std::move(unknown));
            else
                problems_.add_warning(std::move(unknown));
    }

    void check_general()
    {
        const auto& general = config_.general;
        for (const auto& [name, value] : general.options) {
            Config config;
            config.syntax = config_.syntax;
            config.general = with_only(general, {"accounts", name});
            if (general.has("accounts"))
                problems_.attempt([&] { static_cast<void>(general_settings(config)); });
        }
        const auto* interfaces = general.find("ui");
        if (interfaces == nullptr) return;
        for (const auto& name : interfaces->list ? *interfaces->list : split_list(interfaces->text))
            problems_.attempt_at(general, "ui", [&] {
                static_cast<void>(loader_.find(Kind::ui, lower(trimmed(name))));
            });
    }

    void check_mbnames(const Section& section)
    {
        const auto* enabled = section.find("enabled");
        if (enabled != nullptr && parse_flag(enabled->text) == true)
            check_section(section, SectionKind::mbnames);
        problems_.attempt([&] { static_cast<void>(mbnames_settings(config_, &script_)); });
        for (const auto& [name, value] : section.options)
            if (is_expression(config_.syntax, SectionKind::mbnames, name, value))
                problems_.attempt([&, &option = name] {
                    static_cast<void>(compile({section, option, *section.find(option)}, &script_));
                });
    }

    void check_choice_of_accounts()
    {
        const auto* chosen = config_.general.find("accounts");
        if (chosen == nullptr) return;
        for (const auto& name : chosen->list ? *chosen->list : split_list(chosen->text))
            if (config_.account(name) == nullptr)
                problems_.add_error(
                    config_.general, "accounts",
                    concat(
                        "there is no account ", in_quotes(name),
                        there_are(name, config_.accounts)));
    }

    void check_account(const Section& account)
    {
        check_section(account, SectionKind::account);
        for (const auto* side : {"localrepository", "remoterepository"})
            if (const auto* name = account.find(side);
                name != nullptr && config_.repository(name->text) == nullptr)
                problems_.add_error(
                    account, side,
                    concat(
                        "there is no repository ", in_quotes(name->text),
                        there_are(name->text, config_.repositories)));
        for (const auto& [name, value] : account.options)
            check_alone(account, name);
        problems_.attempt([&] { check_together(account); });
    }

    /// With repositories that can be used, whatever is wrong with its own.
    void check_alone(const Section& account, const std::string& option)
    {
        Config config;
        config.syntax = config_.syntax;
        config.general = with_only(config_.general, {"status_backend"});
        config.accounts = {with_only(account, {option})};
        for (const auto* side : {"localrepository", "remoterepository"}) {
            Section repository {.title = side, .name = side};
            repository.set("type", {.text = "maildir"});
            config.repositories.push_back(std::move(repository));
            config.accounts.front().set(side, {.text = side});
        }
        problems_.attempt([&] {
            for (const auto& settings : account_settings(config, only(account), {&script_, {}})) {
                for (const auto& warning : settings.warnings)
                    if (warning.find("unknown option") == std::string::npos)
                        problems_.add_warning(warning);
                check_backend(account, settings.status_backend);
            }
        });
    }

    void check_backend(const Section& account, const std::string& type)
    {
        constexpr auto option = "status_backend";
        const auto& section = account.has(option) ? account : config_.general;
        problems_.attempt_at(
            section, option, [&] { static_cast<void>(loader_.find(Kind::status, type)); });
    }

    /// What only shows when all options are there, once each is right by itself.
    void check_together(const Section& account)
    {
        if (!problems_.errors.empty()) return;
        static_cast<void>(account_settings(config_, only(account), {&script_, {}}));
    }

    static GeneralSettings only(const Section& account)
    {
        GeneralSettings general;
        general.accounts = {account.name};
        return general;
    }

    void check_one_maildir_each()
    {
        std::map<std::string, const Section*> users;
        for (const auto& repository : config_.repositories) {
            if (!repository.has("localfolders")) continue;
            problems_.attempt([&] {
                const std::filesystem::path folder =
                    expand_path(repository.find("localfolders")->text);
                const auto [first, is_new] = users.emplace(
                    std::filesystem::weakly_canonical(folder / ".").string(), &repository);
                if (!is_new)
                    problems_.add_error(
                        repository, "localfolders",
                        concat(
                            folder.string(), " belongs to the repository ",
                            in_quotes(first->second->name),
                            ", too; two accounts in one Maildir upload each other's mail"));
            });
        }
    }

    const Config& config_;
    const PluginLoader& loader_;
    Script& script_;
    ConfigProblems problems_;
};

}  // namespace

ConfigProblems check_config(const Config& config, const PluginLoader& loader, Script& script)
{
    return Checker(config, loader, script).check();
}

std::vector<std::string> names_in_repository(const Section& repository, const PluginLoader& loader)
{
    try {
        if (const auto* component = component_of(repository, loader))
            return known_names(
                SectionKind::repository, std::span(component->options, component->option_count));
    } catch (const Error&) {
        // A type that is not installed: its options cannot be told from mistakes.
        std::vector<std::string> names = known_names(SectionKind::repository);
        for (const auto& [name, value] : repository.options)
            names.push_back(name);
        return names;
    }
    return known_names(SectionKind::repository);
}

}  // namespace offlineimap::core
