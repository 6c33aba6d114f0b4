// SPDX-License-Identifier: Apache-2.0
#include "settings.hpp"

#include "expressions.hpp"
#include "values.hpp"

#include "core/text/nearest_name.hpp"
#include "core/text/strings.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace offlineimap::core {

namespace {

using Typed =
    std::variant<std::monostate, std::string, std::int64_t, bool, std::vector<std::string>>;

/// Where an option is set.
struct Found {
    const Section* section = nullptr;  ///< nullptr: nowhere
    std::string option = {};           ///< the one that yields the value: "remotehosteval"
    const Value* value = nullptr;
    bool is_expression = false;
};

Found find_in(const Section& section, const Option& option, const SettingsSource& source)
{
    const auto* expression = find_expression_for(option.name);
    const auto* plain = section.find(option.name);
    if (expression != nullptr && section.has(expression->name)
        && (plain == nullptr || expression->wins_over_plain))
        return {&section, expression->name, section.find(expression->name), true};
    if (plain != nullptr)
        return {
            &section, option.name, plain,
            is_expression(source.syntax, source.kind, option.name, *plain)};
    return {};
}

Found find_in_chain(const Option& option, const SettingsSource& source)
{
    for (const Section* section : source.chain) {
        if (auto found = find_in(*section, option, source); found.section != nullptr) return found;
    }
    return {};
}

/// A secret's value stays where it is; only that there is one is known here.
std::string secret_place(const Option& option, const SettingsSource& source)
{
    for (const Section* section : source.chain) {
        for (const auto& secret : secret_options(option.name)) {
            if (section->has(secret.name)) return section->find(secret.name)->where;
        }
    }
    return {};
}

const char* expected_form(OptionType type)
{
    switch (type) {
    case OptionType::flag:
        return "yes or no";
    case OptionType::number:
        return "a whole number";
    case OptionType::size:
        return "a size in bytes, as 10M";
    case OptionType::seconds:
        return "a number of seconds";
    default:
        return "one text";
    }
}

template <class T> Typed typed(std::optional<T> value)
{
    return value ? Typed(std::move(*value)) : Typed();
}

/// Monostate if the text is of another form.
Typed converted(const std::string& text, OptionType type)
{
    switch (type) {
    case OptionType::flag:
        return typed(parse_flag(text));
    case OptionType::number:
        return typed(parse_integer(text));
    case OptionType::size:
        return typed(parse_size(text));
    case OptionType::seconds:
        return typed(parse_seconds(text));
    case OptionType::path:
        return expand_path(text);
    case OptionType::list:
        return split_list(text);
    default:
        return text;
    }
}

void check_choice(const std::string& text, const Option& option, const std::string& at)
{
    std::vector<std::string> choices;
    for (const auto choice : split(option.choices, '|'))
        choices.emplace_back(choice);
    if (std::ranges::find(choices, text) != choices.end()) return;
    throw Error(
        Errc::config,
        concat(
            at, ": expected one of ", join(choices, ", "), "; found ", in_quotes(text),
            did_you_mean(text, choices)));
}

Typed checked(const std::string& text, const Option& option, const std::string& at)
{
    if (option.type == OptionType::choice) check_choice(text, option, at);
    auto value = converted(text, option.type);
    if (!std::holds_alternative<std::monostate>(value)) return value;
    throw Error(
        Errc::config,
        concat(at, ": expected ", expected_form(option.type), ", found ", in_quotes(text)));
}

Typed read_expression(const Found& found, const Option& option, const SettingsSource& source)
{
    const Place at {*found.section, found.option, *found.value};
    const auto value = evaluate(at, source.script);
    if (option.type == OptionType::list) return list_of(value, at);
    const bool stands_for_another = found.option != option.name;
    if (stands_for_another && std::holds_alternative<std::monostate>(value)) return {};  // None
    auto text = text_of(value, at);
    if (stands_for_another) text = without_line_end(std::move(text));
    return checked(text, option, place(*found.section, found.option, found.value->where));
}

Typed read_value(const Found& found, const Option& option, const SettingsSource& source)
{
    if (found.is_expression) return read_expression(found, option, source);
    const auto at = place(*found.section, found.option, found.value->where);
    if (!found.value->list) return checked(found.value->text, option, at);
    if (option.type == OptionType::list) return *found.value->list;
    throw Error(
        Errc::config, concat(at, ": expected ", expected_form(option.type), ", found a list"));
}

[[noreturn]] void missing(const Option& option, const Section& own)
{
    throw Error(
        Errc::config,
        concat(own.where, ": [", own.title, "] ", option.name, " is not set: ", option.help));
}

std::vector<std::string>
check_unknown(std::span<const Option> options, const SettingsSource& source)
{
    if (source.unknown_options == UnknownOptions::pass_over) return {};
    auto known = known_names(source.kind, options);
    std::ranges::move(known_names(source.kind, source.also_known), std::back_inserter(known));
    auto unknown = unknown_options(*source.chain.front(), known);
    if (source.syntax == Syntax::yaml && !unknown.empty())
        throw Error(Errc::config, unknown.front());
    return unknown;
}

}  // namespace

SectionSettings::SectionSettings(std::span<const Option> options, const SettingsSource& source)
    : warnings_(check_unknown(options, source))
{
    for (const auto& option : options) {
        Item& item = items_[option.name];
        if (option.type == OptionType::secret) {
            item = {.value = {}, .where = secret_place(option, source), .is_secret = true};
            continue;
        }
        if (const auto found = find_in_chain(option, source); found.section != nullptr)
            item = {.value = read_value(found, option, source), .where = found.value->where};
        else if (option.fallback == nullptr)
            missing(option, *source.chain.front());
        else if (*option.fallback != '\0')
            item.value = checked(option.fallback, option, concat("default of ", option.name));
    }
}

const SectionSettings::Item& SectionSettings::item(std::string_view name) const
{
    const auto found = items_.find(name);
    if (found == items_.end())
        throw Error(Errc::internal, concat("option ", name, " is not in the component's table"));
    return found->second;
}

/// An absent value reads as nothing: "", 0, no, no items.
template <class T> T SectionSettings::get(std::string_view name) const
{
    const auto& [value, where, is_secret] = item(name);
    if (std::holds_alternative<std::monostate>(value) && !is_secret) return T();
    if (const T* const result = std::get_if<T>(&value)) return *result;
    throw Error(Errc::internal, concat("option ", name, " is of another type"));
}

std::string SectionSettings::text(std::string_view name) const
{
    return get<std::string>(name);
}

std::int64_t SectionSettings::number(std::string_view name) const
{
    return get<std::int64_t>(name);
}

bool SectionSettings::flag(std::string_view name) const
{
    return get<bool>(name);
}

std::vector<std::string> SectionSettings::list(std::string_view name) const
{
    return get<std::vector<std::string>>(name);
}

bool SectionSettings::has(std::string_view name) const noexcept
{
    const auto found = items_.find(name);
    if (found == items_.end()) return false;
    const auto& [value, where, is_secret] = found->second;
    return is_secret ? !where.empty() : !std::holds_alternative<std::monostate>(value);
}

void SectionSettings::supply(std::string_view name, std::string text, std::string where)
{
    const auto found = items_.find(name);
    if (found == items_.end() || has(name)) return;
    found->second = {.value = std::move(text), .where = std::move(where)};
}

std::string SectionSettings::where(std::string_view name) const
{
    return item(name).where;
}

std::vector<std::string> unknown_options(const Section& section, std::span<const std::string> known)
{
    std::vector<std::string> unknown;
    for (const auto& [name, value] : section.options) {
        if (value.inherited || std::ranges::find(known, name) != known.end()) continue;
        unknown.push_back(concat(
            value.where, ": [", section.title, "] unknown option ", in_quotes(name),
            did_you_mean(name, known)));
    }
    return unknown;
}

}  // namespace offlineimap::core
