// SPDX-License-Identifier: Apache-2.0
#include "mbnames.hpp"

#include "core_settings.hpp"
#include "expressions.hpp"
#include "values.hpp"

#include "core/text/strings.hpp"

#include <algorithm>

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

/// Characters, not bytes, are counted.
std::string::size_type end_of(std::string_view text, std::size_t characters)
{
    std::size_t i = 0;
    const auto continues = [&] { return (static_cast<unsigned char>(text[i]) & 0xC0) == 0x80; };
    for (; characters > 0 && i < text.size(); --characters)
        do
            ++i;
        while (i < text.size() && continues());
    return i;
}

std::size_t count_characters(std::string_view text)
{
    std::size_t count = 0;
    for (; !text.empty(); ++count)
        text.remove_prefix(end_of(text, 1));
    return count;
}

std::optional<std::size_t> take_number(std::string_view& format)
{
    constexpr std::size_t most = 9999;
    if (format.empty() || format[0] < '0' || format[0] > '9') return std::nullopt;
    std::size_t number = 0;
    for (; !format.empty() && format[0] >= '0' && format[0] <= '9'; format.remove_prefix(1))
        number =
            std::min<std::size_t>(most, number * 10 + static_cast<std::size_t>(format[0] - '0'));
    return number;
}

[[noreturn]] void throw_bad_percent()
{
    throw Error(Errc::config, "[mbnames] peritem: a \"%\" that is to stay must be written \"%%\"");
}

/// What follows a "%", as Python's formats have it: `(name)s`, `(name)-20s`, `(name).8s`.
std::string replaced(std::string_view& format, const MbnamesItem& item)
{
    const auto end = format.find(')');
    if (!format.starts_with('(') || end == std::string_view::npos) throw_bad_percent();
    std::string text(value_of(format.substr(1, end - 1), item));
    format.remove_prefix(end + 1);
    bool to_the_left = false;
    for (; !format.empty() && std::string_view("-+ #0").find(format[0]) != std::string_view::npos;
         format.remove_prefix(1))
        to_the_left = to_the_left || format[0] == '-';
    const auto width = take_number(format).value_or(0);
    if (format.starts_with('.')) {
        format.remove_prefix(1);
        text.resize(end_of(text, take_number(format).value_or(0)));
    }
    if (!format.starts_with('s')) throw_bad_percent();
    format.remove_prefix(1);
    const auto length = count_characters(text);
    if (length < width) text.insert(to_the_left ? text.size() : 0, width - length, ' ');
    return text;
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
        per_item.remove_prefix(percent + 1);
        if (per_item.starts_with('%')) {
            text += '%';
            per_item.remove_prefix(1);
        } else {
            text += replaced(per_item, item);
        }
    }
}

}  // namespace offlineimap::core
