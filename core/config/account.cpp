// SPDX-License-Identifier: Apache-2.0
#include "account.hpp"

#include "dates.hpp"
#include "settings.hpp"
#include "values.hpp"

#include "core/text/nearest_name.hpp"
#include "core/text/strings.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

namespace offlineimap::core {

namespace {

[[noreturn]] void fail(
    const Section& section, std::string_view option, const Settings& settings,
    std::string_view what)
{
    throw Error(Errc::config, concat(place(section, option, settings.where(option)), ": ", what));
}

SectionSettings core_settings(const Section& section, SectionKind kind, Syntax syntax)
{
    SettingsSource source {.chain = {&section}, .syntax = syntax, .kind = kind};
    // Plugins read a repository's section, too; what is unknown there only they can tell.
    if (kind == SectionKind::repository) source.unknown_options = UnknownOptions::pass_over;
    return SectionSettings(core_options(kind), source);
}

/// The name of an interface as the original once wrote it, "Curses.Blinkenlights", is shortened.
std::vector<std::string> interface_names(const std::vector<std::string>& names)
{
    std::vector<std::string> result;
    for (const auto& name : names)
        result.push_back(lower(split(name, '.').back()));
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

std::vector<std::string> names_of(const std::vector<Section>& sections)
{
    std::vector<std::string> names;
    for (const auto& section : sections)
        names.push_back(section.name);
    return names;
}

std::string there_are(std::string_view name, const std::vector<Section>& sections)
{
    const auto names = names_of(sections);
    const auto list = names.empty() ? std::string("none") : join(names, ", ");
    return concat(did_you_mean(name, names), "; there are: ", list);
}

std::optional<std::chrono::sys_days> start_date(const Section& section, const Settings& settings)
{
    const auto text = settings.text("startdate");
    if (text.empty()) return std::nullopt;
    const auto date = parse_date(text);
    if (!date)
        fail(section, "startdate", settings, "expected a day as 2024-12-31, not in the future");
    return date;
}

RepositorySettings
repository_settings(const Config& config, const Section& account, std::string_view option)
{
    const Value& name = *account.find(option);
    const auto* section = config.repository(name.text);
    if (section == nullptr)
        throw Error(
            Errc::config,
            concat(
                place(account, option, name.where), ": there is no repository ",
                in_quotes(name.text), there_are(name.text, config.repositories)));
    const auto settings = core_settings(*section, SectionKind::repository, config.syntax);
    return {
        .name = name.text,
        .type = lower(settings.text("type")),
        .section = section,
        .create_folders = settings.flag("createfolders") && !settings.flag("readonly"),
        .readonly = settings.flag("readonly"),
        .sync_deletes = settings.flag("sync_deletes"),
        .start_date = start_date(*section, settings)};
}

/// Reads the options of one account that are more than one of the plain types.
class AccountReader {
public:
    AccountReader(const Config& config, const Section& section)
        : config_(config)
        , section_(section)
        , settings_(core_settings(section, SectionKind::account, config.syntax))
    {
    }

    AccountSettings read()
    {
        AccountSettings result;
        result.name = section_.name;
        result.section = &section_;
        result.local = repository_settings(config_, section_, "localrepository");
        result.remote = repository_settings(config_, section_, "remoterepository");
        result.warnings = warnings();
        result.autorefresh = autorefresh();
        result.quick = settings_.number("quick");
        result.presync_hook = settings_.text("presynchook");
        result.postsync_hook = settings_.text("postsynchook");
        if (settings_.has("maxsize"))
            result.max_size = static_cast<std::uint64_t>(settings_.number("maxsize"));
        result.max_age = max_age();
        result.status_backend = lower(settings_.text("status_backend"));
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
    double autorefresh_minutes() const;
    std::chrono::seconds autorefresh() const;
    std::vector<std::string> warnings() const;
    std::optional<AgeLimit> max_age() const;
    DeletionBudget max_deletes() const;
    void check(const AccountSettings& account) const;

    const Config& config_;
    const Section& section_;
    SectionSettings settings_;
};

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
    return warnings;
}

std::optional<AgeLimit> AccountReader::max_age() const
{
    const auto text = settings_.text("maxage");
    if (text.empty()) return std::nullopt;
    if (const auto date = parse_date(text)) return *date;
    const auto days = parse_integer(text);
    constexpr std::int64_t most = 366 * 200;
    if (!days || *days < 1 || *days > most)
        wrong("maxage", "expected a number of days, or a day as 2024-12-31, not in the future");
    return std::chrono::days(*days);
}

DeletionBudget AccountReader::max_deletes() const
{
    auto text = settings_.text("max_deletes");
    if (lower(text) == "unlimited") return {};
    const bool percent = text.ends_with('%');
    if (percent) text.pop_back();
    const auto number = parse_integer(text);
    if (!number || *number < 0 || (percent && *number > 100))
        wrong("max_deletes", "expected a share as 50%, a number of messages, or \"unlimited\"");
    if (percent) return {.percent = static_cast<unsigned>(*number), .messages = {}};
    return {.percent = {}, .messages = static_cast<std::uint64_t>(*number)};
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

GeneralSettings general_settings(const Config& config)
{
    const auto& section = config.general;
    const auto settings = core_settings(section, SectionKind::general, config.syntax);
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
    for (const auto& folder : settings.list("plugin-path"))
        result.plugin_path.emplace_back(expand_path(folder));
    result.warnings = config.warnings;
    std::ranges::copy(settings.warnings(), std::back_inserter(result.warnings));
    return result;
}

std::vector<AccountSettings> account_settings(const Config& config, const GeneralSettings& general)
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
        accounts.push_back(AccountReader(config, *section).read());
    }
    return accounts;
}

}  // namespace offlineimap::core
