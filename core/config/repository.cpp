// SPDX-License-Identifier: Apache-2.0
#include "repository.hpp"

#include "core_settings.hpp"
#include "dates.hpp"
#include "expressions.hpp"
#include "values.hpp"

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

bool is_function(const Config& config, std::string_view option, const Value& value)
{
    return is_expression(config.syntax, SectionKind::repository, option, value);
}

/// Functions are nothing without a script to call them.
void check_functions(const Config& config, const Section& section, Script* script)
{
    for (const std::string_view option : {"newmail_hook", "copy_ignore_eval"}) {
        const auto* value = section.find(option);
        if (value != nullptr && is_function(config, option, *value))
            static_cast<void>(compile({section, option, *value}, script));
    }
}

std::string newmail_hook(const Section& section)
{
    const auto* hook = section.find("newmail_hook");
    return hook != nullptr ? hook->text : std::string();
}

}  // namespace

std::optional<DeletionBudget> deletion_budget(const Section& section, const Settings& settings)
{
    auto text = settings.text("max_deletes");
    if (text.empty()) return std::nullopt;
    if (lower(text) == "unlimited") return DeletionBudget {};
    const bool percent = text.ends_with('%');
    if (percent) text.pop_back();
    const auto number = parse_integer(text);
    if (!number || *number < 0 || (percent && *number > 100))
        fail(
            section, "max_deletes", settings,
            "expected a share as 50%, a number of messages, or \"unlimited\"");
    if (percent) return DeletionBudget {.percent = static_cast<unsigned>(*number), .messages = {}};
    return DeletionBudget {.percent = {}, .messages = static_cast<std::uint64_t>(*number)};
}

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
        .max_deletes = deletion_budget(*section, settings),
        .trash = settings.text("trash"),
        .newmail_hook = newmail_hook(*section)};
}

}  // namespace offlineimap::core
