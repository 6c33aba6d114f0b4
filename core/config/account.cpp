// SPDX-License-Identifier: Apache-2.0
#include "account.hpp"

#include "core_settings.hpp"
#include "dates.hpp"
#include "values.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <string_view>

namespace offlineimap::core {

namespace {

/// Reads the options of one account that are more than one of the plain types.
class AccountReader {
public:
    AccountReader(const Config& config, const Section& section, const AccountContext& context)
        : config_(config)
        , section_(section)
        , script_(context.script)
        , settings_(core_settings(section, SectionKind::account, config.syntax, context.components))
    {
    }

    AccountSettings read()
    {
        AccountSettings result;
        result.name = section_.name;
        result.section = &section_;
        result.local = repository_settings(config_, section_, "localrepository", script_);
        result.remote = repository_settings(config_, section_, "remoterepository", script_);
        result.warnings = warnings();
        result.autorefresh = autorefresh();
        result.quick = settings_.number("quick");
        result.presync_hook = settings_.text("presynchook");
        result.postsync_hook = settings_.text("postsynchook");
        if (settings_.has("maxsize"))
            result.max_size = static_cast<std::uint64_t>(settings_.number("maxsize"));
        result.max_age = max_age();
        result.status_backend = status_backend();
        result.max_deletes = max_deletes();
        result.utf8_folder_names = settings_.flag("utf8foldernames");
        result.filter_headers = settings_.list("filterheaders");
        check(result);
        return result;
    }

private:
    [[noreturn]] void wrong(std::string_view option, std::string_view what) const
    {
        fail(section_, option, settings_, what);
    }
    std::string status_backend() const;
    double autorefresh_minutes() const;
    std::chrono::seconds autorefresh() const;
    std::vector<std::string> warnings() const;
    std::optional<AgeLimit> max_age() const;
    DeletionBudget max_deletes() const;
    void check(const AccountSettings& account) const;

    const Config& config_;
    const Section& section_;
    Script* script_;
    SectionSettings settings_;
};

std::string AccountReader::status_backend() const
{
    constexpr auto option = "status_backend";
    const Value* general = section_.has(option) ? nullptr : config_.general.find(option);
    return lower(general == nullptr ? settings_.text(option) : general->text);
}

double AccountReader::autorefresh_minutes() const
{
    const auto minutes = parse_decimal(settings_.text("autorefresh"));
    constexpr double most = 60.0 * 24 * 366;
    if (!minutes || *minutes > most) wrong("autorefresh", "expected a number of minutes");
    return *minutes;
}

std::chrono::seconds AccountReader::autorefresh() const
{
    const auto minutes = std::max(0.0, autorefresh_minutes());
    return std::chrono::seconds(static_cast<std::int64_t>(minutes * 60));
}

std::vector<std::string> AccountReader::warnings() const
{
    auto warnings = settings_.warnings();
    if (autorefresh_minutes() < 0)
        warnings.push_back(concat(
            place(section_, "autorefresh", settings_.where("autorefresh")),
            ": is negative and taken for 0"));
    if (settings_.flag("synclabels"))
        warnings.push_back(concat(
            place(section_, "synclabels", settings_.where("synclabels")),
            ": labels are not kept in message files; each is a folder on Gmail's side, and those "
            "are synchronised"));
    return warnings;
}

std::optional<AgeLimit> AccountReader::max_age() const
{
    const auto text = settings_.text("maxage");
    if (text.empty()) return std::nullopt;
    if (const auto date = parse_date(text)) return *date;
    const auto days = parse_integer(text);
    constexpr std::int64_t most = std::int64_t {366} * 200;
    if (!days || *days < 1 || *days > most)
        wrong("maxage", "expected a number of days, or a day as 2024-12-31, not in the future");
    return std::chrono::days(*days);
}

DeletionBudget AccountReader::max_deletes() const
{
    const auto budget = deletion_budget(section_, settings_);
    if (!budget)
        wrong("max_deletes", "expected a share as 50%, a number of messages, or \"unlimited\"");
    return *budget;
}

void AccountReader::check(const AccountSettings& account) const
{
    if (account.local.name == account.remote.name)
        wrong("remoterepository", "is the local repository, too");
    const int limits = (account.max_age ? 1 : 0) + (account.local.start_date ? 1 : 0)
        + (account.remote.start_date ? 1 : 0);
    if (limits > 1)
        throw Error(
            Errc::config,
            concat(
                section_.where, ": [", section_.title,
                "] only one of maxage and the two repositories' startdate may be set"));
}

}  // namespace

std::vector<AccountSettings> account_settings(
    const Config& config, const GeneralSettings& general, const AccountContext& context)
{
    std::vector<AccountSettings> accounts;
    for (const auto& name : general.accounts) {
        const auto* section = config.account(name);
        if (section == nullptr) {
            const auto* chosen = config.general.find("accounts");
            throw Error(
                Errc::config,
                concat(
                    place(config.general, "accounts", chosen->where), ": there is no account ",
                    in_quotes(name), there_are(name, config.accounts)));
        }
        accounts.push_back(AccountReader(config, *section, context).read());
    }
    return accounts;
}

SettingsSource repository_source(
    const Config& config, const AccountSettings& account, const RepositorySettings& repository,
    Script* script)
{
    return {
        .chain = {repository.section, account.section, &config.general},
        .syntax = config.syntax,
        .script = script};
}

SettingsSource status_source(const Config& config, const AccountSettings& account, Script* script)
{
    auto source = repository_source(config, account, account.local, script);
    source.unknown_options = UnknownOptions::pass_over;
    return source;
}

}  // namespace offlineimap::core
