// SPDX-License-Identifier: Apache-2.0
#include "plugins.hpp"

#include "core/config/general.hpp"
#include "core/config/read.hpp"
#include "core/host/loader.hpp"
#include "core/host/plugin_path.hpp"
#include "core/text/nearest_name.hpp"
#include "core/text/printable.hpp"
#include "core/text/strings.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <optional>

namespace offlineimap::core {

namespace {

using Json = nlohmann::ordered_json;

constexpr CommandLineOption options[] {
    option::help, option::config, option::overrides, option::json};

constexpr auto details =
    "Lists every plugin on the plugin path: name, version, licence, file, and the types it\n"
    "provides with their settings. With TYPE (\"imap\", or \"repo-imap\" where two plugins have\n"
    "types of that name) that type alone. A plugin that would be refused is listed with the\n"
    "reason.\n";

std::string_view name_of(Kind kind)
{
    switch (kind) {
    case Kind::repository:
        return "repository";
    case Kind::status:
        return "status store";
    case Kind::ui:
        return "user interface";
    case Kind::script:
        return "script";
    default:
        return "unknown";
    }
}

std::string_view name_of(OptionType type)
{
    switch (type) {
    case OptionType::text:
        return "text";
    case OptionType::secret:
        return "secret";
    case OptionType::number:
        return "number";
    case OptionType::flag:
        return "yes or no";
    case OptionType::size:
        return "size";
    case OptionType::seconds:
        return "seconds";
    case OptionType::path:
        return "path";
    case OptionType::list:
        return "list";
    case OptionType::choice:
        return "choice";
    default:
        return "unknown";
    }
}

bool is_called(const Component& component, std::string_view type)
{
    return type.empty() || type == component.type
        || type == concat(file_prefix(component.kind), "-", component.type);
}

/// The components of a plugin that are wanted.
std::vector<const Component*> components_of(const PluginListing& listing, std::string_view type)
{
    std::vector<const Component*> wanted;
    if (listing.plugin == nullptr) return wanted;
    for (const auto& one : std::span(listing.plugin->components, listing.plugin->component_count))
        if (is_called(one, type)) wanted.push_back(&one);
    return wanted;
}

// --------------------------------------------------------------------------- for people

std::string value_of(const Option& option)
{
    std::string text(name_of(option.type));
    if (option.choices != nullptr && *option.choices != '\0')
        text = concat("one of ", option.choices);
    if (option.fallback == nullptr) return concat(text, "; required");
    return *option.fallback == '\0' ? text : concat(text, "; default ", option.fallback);
}

void print(const Component& component)
{
    std::cout << "  " << name_of(component.kind) << ' ' << in_quotes(component.type) << ": "
              << component.summary << '\n';
    for (const auto& option : std::span(component.options, component.option_count))
        std::cout << "    " << option.name << " (" << value_of(option) << ")\n        "
                  << printable(option.help) << '\n';
}

std::string place_of(const PluginListing& listing)
{
    return listing.file.empty() ? std::string("part of the program") : listing.file.string();
}

void print(const PluginListing& listing, std::string_view type)
{
    if (listing.plugin == nullptr) {
        if (type.empty())
            std::cout << printable(place_of(listing))
                      << "\n  cannot be used: " << printable(listing.refusal) << "\n\n";
        return;
    }
    const auto wanted = components_of(listing, type);
    if (wanted.empty() && !type.empty()) return;
    const auto& plugin = *listing.plugin;
    std::cout << plugin.name << ' ' << plugin.version << ", " << plugin.license << ", "
              << printable(place_of(listing)) << '\n';
    for (const auto* component : wanted)
        print(*component);
    std::cout << '\n';
}

// --------------------------------------------------------------------------- for programs

Json json_of(const Option& option)
{
    Json json {{"name", option.name}, {"type", std::string(name_of(option.type))}};
    json["required"] = option.fallback == nullptr;
    json["default"] = option.fallback == nullptr ? Json() : Json(option.fallback);
    if (option.choices != nullptr && *option.choices != '\0')
        for (const auto choice : split(option.choices, '|'))
            json["choices"].push_back(std::string(choice));
    json["help"] = option.help;
    return json;
}

Json json_of(const Component& component)
{
    Json json {
        {"kind", std::string(name_of(component.kind))},
        {"type", component.type},
        {"summary", component.summary},
        {"options", Json::array()}};
    for (const auto& option : std::span(component.options, component.option_count))
        json["options"].push_back(json_of(option));
    return json;
}

Json json_of(const PluginListing& listing, std::string_view type)
{
    Json json {{"file", listing.file.empty() ? Json() : Json(listing.file.string())}};
    if (listing.plugin == nullptr) {
        json["refused"] = listing.refusal;
        return json;
    }
    json["name"] = listing.plugin->name;
    json["version"] = listing.plugin->version;
    json["license"] = listing.plugin->license;
    json["components"] = Json::array();
    for (const auto* component : components_of(listing, type))
        json["components"].push_back(json_of(*component));
    return json;
}

void print_json(const std::vector<PluginListing>& plugins, std::string_view type)
{
    auto all = Json::array();
    for (const auto& listing : plugins)
        if (type.empty() || !components_of(listing, type).empty())
            all.push_back(json_of(listing, type));
    // File names may be any bytes.
    std::cout << Json {{"version", 1}, {"plugins", all}}.dump(
        2, ' ', false, Json::error_handler_t::replace)
              << '\n';
}

// --------------------------------------------------------------------------- what there is

std::optional<std::filesystem::path> config_file(const CommandLine& line)
{
    if (line.config_file) return line.config_file;
    std::error_code ignored;
    for (const auto& place : config_file_places())
        if (std::filesystem::exists(place, ignored)) return place;
    return std::nullopt;
}

/// Plugins are listed even where there is no configuration yet, or one with mistakes.
std::vector<std::filesystem::path> configured_path(const CommandLine& line)
{
    const auto file = config_file(line);
    if (!file) return {};
    try {
        return general_settings(read_config(*file, line.overrides)).plugin_path;
    } catch (const Error& error) {
        if (line.config_file) throw;
        std::cerr << "offlineimap: the setting plugin-path is not heeded: "
                  << printable(error.what()) << '\n';
        return {};
    }
}

[[noreturn]] void fail_unknown(const std::vector<PluginListing>& plugins, const std::string& type)
{
    std::vector<std::string> known;
    for (const auto& listing : plugins)
        for (const auto* component : components_of(listing, {}))
            known.emplace_back(component->type);
    throw Error(
        Errc::config,
        concat(
            "no plugin for the type ", in_quotes(type), did_you_mean(type, known),
            "; there are: ", known.empty() ? "none" : join(known, ", ")));
}

int list_plugins(const CommandArguments& arguments)
{
    if (arguments.words.size() > 1) throw UsageError("plugins: name one type, or none");
    const std::string type = arguments.words.empty() ? "" : arguments.words.front();
    const PluginLoader loader(plugin_search_path(configured_path(arguments.common)));
    const auto plugins = loader.list();
    const bool found = std::ranges::any_of(
        plugins, [&](const auto& listing) { return !components_of(listing, type).empty(); });
    if (!found && !type.empty()) fail_unknown(plugins, type);
    if (arguments.has("json"))
        print_json(plugins, type);
    else
        for (const auto& listing : plugins)
            print(listing, type);
    return 0;
}

}  // namespace

SubCommand plugins_command() noexcept
{
    return {"plugins", "[options] [TYPE]", "list the plugins and their settings", details,
            options,   list_plugins};
}

}  // namespace offlineimap::core
