// SPDX-License-Identifier: Apache-2.0
#include "repository.hpp"

#include "core_settings.hpp"
#include "dates.hpp"
#include "expressions.hpp"

#include "core/text/strings.hpp"

namespace offlineimap::core {

namespace {

std::optional<std::chrono::sys_days> start_date(const Section& section, const Settings& settings)
{
    const auto text = settings.text("startdate");
    if (text.empty()) return std::nullopt;
    const auto date = parse_date(text);
    if (!date)
        fail(section, "startdate", settings, "expected a day as 2024-12-31, not in the future");
    return date;
}

/// Functions of an rc file are nothing without a script to call them.
void check_functions(const Config& config, const Section& section, Script* script)
{
    if (config.syntax == Syntax::yaml) return;
    for (const std::string_view option : {"newmail_hook", "copy_ignore_eval"}) {
        if (const auto* value = section.find(option))
            static_cast<void>(compile({section, option, *value}, script));
    }
}

std::string newmail_hook(const Section& section)
{
    const auto* hook = section.find("newmail_hook");
    return hook != nullptr ? hook->text : std::string();
}

}  // namespace

RepositorySettings repository_settings(
    const Config& config, const Section& account, std::string_view option, Script* script)
{
    const Value& name = *account.find(option);
    const auto* section = config.repository(name.text);
    if (section == nullptr)
        throw Error(
            Errc::config,
            concat(
                place(account, option, name.where), ": there is no repository ",
                in_quotes(name.text), there_are(name.text, config.repositories)));
    check_functions(config, *section, script);
    const auto settings = core_settings(*section, SectionKind::repository, config.syntax);
    return {
        .name = name.text,
        .type = lower(settings.text("type")),
        .section = section,
        .create_folders = settings.flag("createfolders") && !settings.flag("readonly"),
        .readonly = settings.flag("readonly"),
        .sync_deletes = settings.flag("sync_deletes"),
        .start_date = start_date(*section, settings),
        .newmail_hook = newmail_hook(*section)};
}

}  // namespace offlineimap::core
