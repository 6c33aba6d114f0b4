// SPDX-License-Identifier: Apache-2.0
#include "config_check.hpp"

#include "core/config/account.hpp"
#include "core/config/core_settings.hpp"
#include "core/config/expressions.hpp"
#include "core/config/folder_rules.hpp"
#include "core/config/mbnames.hpp"
#include "core/config/values.hpp"
#include "core/text/nearest_name.hpp"
#include "core/text/strings.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <set>

namespace offlineimap::core {

namespace {

const Component* component_of(const Section& repository, const PluginLoader& loader)
{
    const auto* type = repository.find("type");
    if (type == nullptr) return nullptr;
    return &loader.find(Kind::repository, lower(trimmed(type->text)));
}

bool others_read(const std::string& file)
{
    struct stat status { };
    return ::stat(file.c_str(), &status) == 0 && (status.st_mode & (S_IRGRP | S_IROTH)) != 0;
}

bool is_off(const Section& section, std::string_view option)
{
    const auto* value = section.find(option);
    return value != nullptr && parse_flag(value->text) == false;
}

class Checker {
public:
    Checker(const Config& config, const PluginLoader& loader, Script& script)
        : config_(config), loader_(loader), script_(script)
    {
    }

    ConfigProblems check()
    {
        problems_.warnings = config_.warnings;
        check_section(config_.general, SectionKind::general, {}, {});
        attempt([&] { static_cast<void>(mbnames_settings(config_, &script_)); });
        if (config_.mbnames) check_unknown(*config_.mbnames, known_names(SectionKind::mbnames));
        attempt([&] { check_accounts(); });
        for (const auto& account : config_.accounts)
            check_section(account, SectionKind::account, {}, {});
        for (const auto& repository : config_.repositories)
            check_repository(repository);
        check_one_maildir_each();
        return std::move(problems_);
    }

private:
    template <class Work> void attempt(Work work)
    {
        try {
            work();
        } catch (const Error& error) {
            add(problems_.errors, error.what());
        }
    }

    /// The same thing may come to light in two ways.
    static void add(std::vector<std::string>& list, std::string text)
    {
        if (std::ranges::find(list, text) == list.end()) list.push_back(std::move(text));
    }

    void warn(const Section& section, std::string_view option, std::string_view what)
    {
        add(problems_.warnings,
            concat(place(section, option, section.find(option)->where), ": ", what));
    }

    void check_unknown(const Section& section, const std::vector<std::string>& known)
    {
        for (auto& unknown : unknown_options(section, known))
            add(config_.syntax == Syntax::yaml ? problems_.errors : problems_.warnings,
                std::move(unknown));
    }

    /// Each option by itself, so that one mistake hides no other.
    void check_options(
        const std::vector<const Section*>& chain, SectionKind kind, std::span<const Option> options)
    {
        for (const auto& option : options) {
            SettingsSource source;
            source.chain = chain;
            source.syntax = config_.syntax;
            source.kind = kind;
            source.script = &script_;
            source.unknown_options = UnknownOptions::pass_over;
            attempt([&] { static_cast<void>(SectionSettings({&option, 1}, source)); });
        }
    }

    void check_section(
        const Section& section, SectionKind kind, std::span<const Option> more,
        const std::vector<const Section*>& fallbacks)
    {
        std::vector<const Section*> chain {&section};
        chain.insert(chain.end(), fallbacks.begin(), fallbacks.end());
        check_options({&section}, kind, core_options(kind));
        check_options(chain, kind, more);
        check_unknown(section, known_names(kind, more));
    }

    void check_accounts()
    {
        GeneralSettings general;
        general.metadata = "/";
        const auto chosen = general_settings(config_).accounts;
        for (const auto& name : chosen) {
            general.accounts = {name};
            attempt([&] {
                for (const auto& account : account_settings(config_, general, {&script_, {}})) {
                    for (const auto& warning : account.warnings)
                        add(problems_.warnings, warning);
                    static_cast<void>(loader_.find(Kind::status, account.status_backend));
                }
            });
        }
        for (const auto& interface : general_settings(config_).interfaces)
            attempt([&] { static_cast<void>(loader_.find(Kind::ui, interface)); });
    }

    /// What a repository's section may fall back on: the first account that uses it, and [general].
    std::vector<const Section*> fallbacks_of(const Section& repository) const
    {
        for (const auto& account : config_.accounts)
            for (const auto* side : {"localrepository", "remoterepository"})
                if (const auto* name = account.find(side); name && name->text == repository.name)
                    return {&account, &config_.general};
        return {&config_.general};
    }

    bool is_remote(const Section& repository) const
    {
        return std::ranges::any_of(config_.accounts, [&](const Section& account) {
            const auto* name = account.find("remoterepository");
            return name != nullptr && name->text == repository.name;
        });
    }

    void check_repository(const Section& section)
    {
        std::span<const Option> options;
        attempt([&] {
            if (const auto* component = component_of(section, loader_))
                options = {component->options, component->option_count};
        });
        check_section(section, SectionKind::repository, options, fallbacks_of(section));
        attempt([&] { check_functions(section); });
        attempt([&] {
            const auto side = is_remote(section) ? Side::remote : Side::local;
            static_cast<void>(FolderRules(config_, section, side, &script_));
        });
        attempt([&] { check_renames(section); });
        attempt([&] { check_security(section); });
    }

    void check_functions(const Section& section)
    {
        for (const auto& [name, value] : section.options)
            if (is_expression(config_.syntax, SectionKind::repository, name, value))
                attempt([&, &option = name, &text = value] {
                    static_cast<void>(compile({section, option, text}, &script_));
                });
    }

    void check_renames(const Section& section)
    {
        const auto* value = section.find("folders.rename");
        if (value == nullptr || !value->mappings) return;
        const FolderRenames renames(
            *value->mappings, place(section, "folders.rename", value->where));
        for (const auto& name : renames.ambiguous())
            add(problems_.errors,
                concat(
                    place(section, "folders.rename", value->where), ": two folders would become ",
                    in_quotes(name), "; each must have a name of its own"));
        for (const auto& pattern : renames.one_way())
            if (!is_off(section, "createfolders"))
                warn(
                    section, "folders.rename",
                    concat(
                        in_quotes(pattern),
                        " cannot be turned round: a new folder on the other side finds no name "
                        "here; give the other repository its own folders.rename, or set "
                        "createfolders: no here"));
    }

    void check_security(const Section& section)
    {
        const bool readable = others_read(config_.path.string());
        for (const auto* option : {"remotepass", "oauth2_client_secret", "oauth2_refresh_token"}) {
            const auto* value = section.find(option);
            if (readable && value != nullptr && !value->is_python && !value->text.empty())
                warn(
                    section, option,
                    concat(
                        "other users can read ", config_.path.string(),
                        "; make it yours alone (chmod 600), or use ", option, ".command"));
        }
        if (const auto* file = section.find("remotepassfile");
            file && others_read(expand_home(file->text)))
            warn(section, "remotepassfile", concat("other users can read ", file->text));
        if (is_off(section, "ssl") && is_off(section, "starttls"))
            warn(section, "ssl", "password and mail go over the network unprotected");
    }

    void check_one_maildir_each()
    {
        std::map<std::string, const Section*> users;
        for (const auto& repository : config_.repositories) {
            if (!repository.has("localfolders")) continue;
            attempt([&] {
                const auto* value = repository.find("localfolders");
                const std::filesystem::path folder = expand_path(value->text);
                const auto [first, is_new] = users.emplace(
                    std::filesystem::weakly_canonical(folder / ".").string(), &repository);
                if (!is_new)
                    add(problems_.errors,
                        concat(
                            place(repository, "localfolders", value->where), ": ", folder.string(),
                            " belongs to the repository ", in_quotes(first->second->name),
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
