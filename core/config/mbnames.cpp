// SPDX-License-Identifier: Apache-2.0
#include "mbnames.hpp"

#include "core_settings.hpp"
#include "expressions.hpp"
#include "values.hpp"

#include "core/text/strings.hpp"

namespace offlineimap::core {

namespace {

std::unique_ptr<Expression> filter_function(const Section& section, Syntax syntax, Script* script)
{
    const auto* value = section.find("folderfilter");
    if (value == nullptr || !is_expression(syntax, SectionKind::mbnames, "folderfilter", *value))
        return nullptr;
    return compile({section, "folderfilter", *value}, script);
}

std::optional<FolderPatterns> patterns(const Section& section, Syntax syntax)
{
    const auto* value = section.find("folderfilter");
    if (value == nullptr || is_expression(syntax, SectionKind::mbnames, "folderfilter", *value))
        return std::nullopt;
    const auto items = value->list ? *value->list : std::vector<std::string> {value->text};
    return FolderPatterns(items, place(section, "folderfilter", value->where));
}

std::unique_ptr<Expression> sort_key(const Section& section, Script* script)
{
    const auto* value = section.find("sort_keyfunc");
    return value == nullptr ? nullptr : compile({section, "sort_keyfunc", *value}, script);
}

std::string_view value_of(std::string_view name, const MbnamesItem& item)
{
    if (name == "accountname") return item.account;
    if (name == "foldername") return item.folder;
    if (name == "localfolders") return item.local_folders;
    throw Error(
        Errc::config,
        concat(
            "[mbnames] peritem: there is no %(", name,
            ")s; there are accountname, foldername and localfolders"));
}

}  // namespace

std::optional<MbnamesSettings> mbnames_settings(const Config& config, Script* script)
{
    if (!config.mbnames) return std::nullopt;
    const auto& section = *config.mbnames;
    const auto* enabled = section.find("enabled");
    if (enabled == nullptr || parse_flag(enabled->text) == false) return std::nullopt;
    const auto settings = core_settings(section, SectionKind::mbnames, config.syntax, {}, script);
    MbnamesSettings result {
        .filename = settings.text("filename"),
        .header = settings.text("header"),
        .separator = settings.text("sep"),
        .footer = settings.text("footer"),
        .per_item = settings.text("peritem"),
        .incremental = settings.flag("incremental"),
        .folder_filter = filter_function(section, config.syntax, script),
        .patterns = patterns(section, config.syntax),
        .sort_key = sort_key(section, script)};
    // A wrong format is to be known before the first run, not after it.
    static_cast<void>(formatted(result.per_item, {}));
    return result;
}

bool passes(const MbnamesSettings& settings, const std::string& account, const std::string& folder)
{
    if (settings.patterns) return settings.patterns->matches(concat(account, "/", folder));
    if (!settings.folder_filter) return true;
    const offlineimap::Value arguments[] = {account, folder};
    return is_true(settings.folder_filter->evaluate(arguments));
}

std::string formatted(std::string_view per_item, const MbnamesItem& item)
{
    std::string text;
    for (;;) {
        const auto percent = per_item.find('%');
        text += per_item.substr(0, percent);
        if (percent == std::string_view::npos) return text;
        per_item.remove_prefix(percent);
        const auto end = per_item.find(")s");
        if (per_item.starts_with("%%")) {
            text += '%';
            per_item.remove_prefix(2);
        } else if (per_item.starts_with("%(") && end != std::string_view::npos) {
            text += value_of(per_item.substr(2, end - 2), item);
            per_item.remove_prefix(end + 2);
        } else {
            throw Error(
                Errc::config, "[mbnames] peritem: a \"%\" that is to stay must be written \"%%\"");
        }
    }
}

}  // namespace offlineimap::core
