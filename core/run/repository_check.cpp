// SPDX-License-Identifier: Apache-2.0
#include "repository_check.hpp"

#include "component_instance.hpp"

#include "core/config/core_settings.hpp"
#include "core/config/expressions.hpp"
#include "core/config/literal.hpp"
#include "core/config/repository.hpp"
#include "core/config/values.hpp"

#include <offlineimap/repository.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace offlineimap::core {

namespace {

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

class RepositoryChecker {
public:
    RepositoryChecker(
        const Section& section, const RepositoryBench& bench, ConfigProblems& problems)
        : section_(section), config_(bench.config), bench_(bench), problems_(problems)
    {
    }

    void check()
    {
        problems_.attempt_at(
            section_, "type", [&] { component_ = component_of(section_, bench_.loader); });
        find_account();
        check_options();
        check_together();
        check_functions();
        check_rules();
        problems_.attempt([&] { check_plugin(); });
        check_secrets();
        problems_.attempt([&] { check_files(); });
        problems_.attempt([&] { check_security(); });
    }

private:
    using Chain = std::array<Section, 3>;  ///< of a repository, its account, the general one

    [[nodiscard]] std::span<const Option> plugin_options() const
    {
        if (component_ == nullptr) return {};
        return {component_->options, component_->option_count};
    }

    /// The first account that uses it: its section is what this one falls back on.
    void find_account()
    {
        for (const auto& account : config_.accounts)
            for (const auto* side : {"localrepository", "remoterepository"})
                if (const auto* name = account.find(side); name && name->text == section_.name) {
                    if (account_ == nullptr) account_ = &account;
                    if (std::string_view(side) == "remoterepository") side_ = Side::remote;
                }
    }

    [[nodiscard]] SettingsSource source_of(const Section& section) const
    {
        SettingsSource source;
        source.chain = {&section};
        if (account_ != nullptr) source.chain.push_back(account_);
        source.chain.push_back(&config_.general);
        source.syntax = config_.syntax;
        source.kind = SectionKind::repository;
        source.script = &bench_.script;
        source.unknown_options = UnknownOptions::pass_over;
        return source;
    }

    void check_options()
    {
        auto own = source_of(section_);
        own.chain.resize(1);
        for (const auto& option : core_options(SectionKind::repository))
            problems_.attempt([&] { static_cast<void>(SectionSettings({&option, 1}, own)); });
        for (const auto& option : plugin_options())
            problems_.attempt([&] {
                static_cast<void>(SectionSettings({&option, 1}, source_of(section_)));
            });
        if (component_ == nullptr) return;  // what is unknown cannot be told
        for (auto& unknown :
             unknown_options(section_, known_names(SectionKind::repository, plugin_options())))
            if (config_.syntax == Syntax::yaml)
                problems_.add_error(std::move(unknown));
            else
                problems_.add_warning(std::move(unknown));
    }

    /// What the core reads of the section: dates, budgets.
    void check_together()
    {
        Section account;
        account.set("repository", {.text = section_.name});
        for (const auto& [name, value] : section_.options) {
            Config config;
            config.syntax = config_.syntax;
            config.repositories = {with_only(section_, {"type", name})};
            if (section_.has("type") && name != "newmail_hook" && name != "copy_ignore_eval")
                problems_.attempt([&] {
                    static_cast<void>(
                        repository_settings(config, account, "repository", &bench_.script));
                });
        }
    }

    void check_functions()
    {
        for (const auto& [name, value] : section_.options)
            if (is_expression(config_.syntax, SectionKind::repository, name, value))
                problems_.attempt([&, &option = name] { check_function(option); });
    }

    void check_function(const std::string& option)
    {
        const Place at {section_, option, *section_.find(option)};
        const auto expression = compile(at, &bench_.script);
        const bool one = option == "nametrans" || option == "folderfilter";
        if (!one && option != "foldersort" && option != "copy_ignore_eval") return;
        if (python_literal(at.value.text))
            return problems_.add_error(
                section_, option, "expected a function, as \"lambda f: ...\"");
        const std::vector<offlineimap::Value> inbox(one ? 1 : 2, std::string("INBOX"));
        if (option != "copy_ignore_eval") static_cast<void>(expression->evaluate(inbox));
    }

    void check_rules()
    {
        constexpr std::string_view rules[] = {"nametrans",       "folderfilter",
                                              "folderincludes",  "folders.include",
                                              "folders.exclude", "folders.rename"};
        for (const auto rule : rules)
            problems_.attempt([&] { check_rule(with_only(section_, {rule})); });
        problems_.attempt([&] { check_rule(with_only(section_, {rules[0], rules[5]})); });
        problems_.attempt([&] { check_rule(with_only(section_, {rules[1], rules[3]})); });
        problems_.attempt([&] { check_rule(with_only(section_, {rules[1], rules[4]})); });
        for (const auto option : {rules[3], rules[4]})
            check_patterns(option);
        check_renames();
    }

    void check_rule(const Section& section) const
    {
        static_cast<void>(FolderRules(config_, section, side_, &bench_.script));
    }

    void check_patterns(std::string_view option)
    {
        const auto* value = section_.find(option);
        if (value == nullptr) return;
        for (const auto& item : value->list ? *value->list : split_list(value->text))
            problems_.attempt([&] {
                static_cast<void>(FolderPatterns({item}, place(section_, option, value->where)));
            });
    }

    void check_renames()
    {
        const auto* value = section_.find("folders.rename");
        if (value == nullptr || !value->mappings) return;
        const auto at = place(section_, "folders.rename", value->where);
        Mappings good;
        for (const auto& step : *value->mappings) {
            auto& kept = good.emplace_back();
            for (const auto& rule : step)
                problems_.attempt([&] {
                    static_cast<void>(FolderRenames({{rule}}, at));
                    kept.push_back(rule);
                });
        }
        const FolderRenames renames(good, at);
        for (const auto& name : renames.ambiguous())
            problems_.add_error(concat(
                at, ": two folders would become ", in_quotes(name),
                "; each must have a name of its own"));
        for (const auto& pattern : renames.one_way())
            if (!is_off(section_, "createfolders"))
                problems_.add_warning(concat(
                    at, ": ", in_quotes(pattern),
                    " cannot be turned round: a new folder on the other side finds no name here; "
                    "give the other repository its own folders.rename, or set createfolders: no "
                    "here"));
    }

    /// The plugin's own opinion on each option, and on all that are right by themselves. It reaches
    /// for nothing yet.
    void check_plugin()
    {
        if (component_ == nullptr) return;
        const auto account = account_ == nullptr ? Section() : *account_;
        Chain rest {section_, account, config_.general};
        for (const auto& option : plugin_options()) {
            const Chain one {
                with_needed(option.name), with_only(account, {option.name}),
                with_only(config_.general, {option.name})};
            if (!can_be_made(one))
                for (auto& section : rest)
                    section.erase(option.name);
        }
        static_cast<void>(can_be_made(rest));
    }

    /// The section with one option, and those that nothing works without.
    [[nodiscard]] Section with_needed(const char* option) const
    {
        auto section = with_only(section_, {option});
        for (const auto& needed : plugin_options())
            if (const auto* value = section_.find(needed.name);
                value != nullptr && needed.fallback == nullptr)
                section.set(needed.name, *value);
        if (section_.has("remotehost") && !section.has("remotehost"))
            section.set("remotehost", *section_.find("remotehost"));
        return section;
    }

    bool can_be_made(const Chain& chain)
    {
        auto source = source_of(section_);
        source.chain = {&chain[0], &chain[1], &chain[2]};
        try {
            EventBus bus;
            const ComponentInstance<Repository> made(
                *component_, std::make_unique<SectionSettings>(plugin_options(), source), bus,
                HostContext());
            return true;
        } catch (const Error& error) {
            const std::string_view text = error.what();
            const bool has_place = text.starts_with(config_.path.filename().string() + ":");
            problems_.add_error(
                has_place ? std::string(text)
                          : concat(section_.where, ": [", section_.title, "] ", text));
            return false;
        }
    }

    /// One form hides the others, which is not what anybody meant who wrote two.
    void check_secrets()
    {
        for (const auto& option : plugin_options()) {
            if (option.type != OptionType::secret) continue;
            std::vector<std::string> said;
            for (const auto& form : secret_options(option.name))
                if (section_.has(form.name)) said.push_back(form.name);
            for (const auto& name : said)
                if (section_.find(name)->list)
                    problems_.add_error(section_, name, "expected one text, found a list");
            const bool in_yaml = std::ranges::any_of(
                said, [](const auto& name) { return name.find('.') != std::string::npos; });
            if (said.size() > 1 && in_yaml)
                problems_.add_error(
                    section_, said.back(),
                    concat("only one of ", join(said, ", "), " can be used"));
        }
    }

    void check_files()
    {
        for (const auto* option : {"sslclientcert", "sslclientkey", "remotepassfile"}) {
            const auto* value = section_.find(option);
            if (value == nullptr || value->list) continue;
            const auto file = expand_path(value->text);
            if (::access(file.c_str(), R_OK) != 0)
                problems_.add_error(section_, option, concat(file, " cannot be read"));
        }
    }

    /// [DEFAULT] gives every repository what is meant for some.
    bool takes(std::string_view option) const
    {
        return std::ranges::any_of(
            plugin_options(), [&](const auto& known) { return option == known.name; });
    }

    void check_security()
    {
        const bool readable = others_read(config_.path.string());
        for (const auto* option : {"remotepass", "oauth2_client_secret", "oauth2_refresh_token"}) {
            const auto* value = section_.find(option);
            if (readable && takes(option) && value != nullptr && !value->is_python
                && !value->text.empty())
                problems_.add_warning(
                    section_, option,
                    concat(
                        "other users can read ", config_.path.string(),
                        "; make it yours alone (chmod 600), or use ", option, ".command"));
        }
        if (const auto* file = section_.find("remotepassfile");
            file && takes("remotepassfile") && others_read(expand_home(file->text)))
            problems_.add_warning(
                section_, "remotepassfile", concat("other users can read ", file->text));
        if (takes("ssl") && is_off(section_, "ssl") && is_off(section_, "starttls"))
            problems_.add_warning(
                section_, "ssl", "password and mail go over the network unprotected");
    }

    const Section& section_;
    const Config& config_;
    const RepositoryBench& bench_;
    ConfigProblems& problems_;
    const Component* component_ = nullptr;
    const Section* account_ = nullptr;
    Side side_ = Side::local;
};

}  // namespace

const Component* component_of(const Section& repository, const PluginLoader& loader)
{
    const auto* type = repository.find("type");
    if (type == nullptr) return nullptr;
    return &loader.find(Kind::repository, lower(trimmed(type->text)));
}

void check_repository(
    const Section& repository, const RepositoryBench& bench, ConfigProblems& problems)
{
    RepositoryChecker(repository, bench, problems).check();
}

}  // namespace offlineimap::core
