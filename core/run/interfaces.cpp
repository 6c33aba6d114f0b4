// SPDX-License-Identifier: Apache-2.0
#include "interfaces.hpp"

#include "core/text/strings.hpp"

#include <algorithm>

namespace offlineimap::core {
namespace {

constexpr std::string_view section_prefix = "ui.";

/// The section of an interface may be titled by a former name: [ui.Tk.Blinkenlights].
const Section* options_of(const Config& config, const std::string& type)
{
    const auto it =
        std::find_if(config.interfaces.begin(), config.interfaces.end(), [&](const auto& section) {
            const auto title = lower(section.title);
            const auto own = title.starts_with(section_prefix) ? section_prefix.size() : 0;
            return interface_type(std::string_view(title).substr(own)) == type;
        });
    return it == config.interfaces.end() ? nullptr : &*it;
}

/// What there is instead, for who misspelt one.
std::string known_types(const PluginLoader& loader)
{
    std::vector<std::string> types;
    for (const auto& listing : loader.list())
        if (listing.plugin != nullptr)
            for (const auto& component :
                 std::span(listing.plugin->components, listing.plugin->component_count))
                if (component.kind == Kind::ui) types.emplace_back(component.type);
    std::ranges::sort(types);
    types.erase(std::unique(types.begin(), types.end()), types.end());
    return join(types, ", ");
}

std::unique_ptr<Ui> make(
    const Config& config, const PluginLoader& loader, EventBus& bus, const std::string& type,
    InterfaceSupplies& supplies)
{
    const Component& component = loader.find(Kind::ui, type);
    supplies.type = type;
    SettingsSource source;
    const Section* own = options_of(config, type);
    source.chain = {own ? own : &supplies.none, &config.general};
    source.syntax = config.syntax;
    source.unknown_options = UnknownOptions::pass_over;
    supplies.settings = std::make_unique<SectionSettings>(
        std::span(component.options, component.option_count), source);
    HostContext context;
    context.least_level = supplies.least_level;
    supplies.host = std::make_unique<HostServices>(*supplies.settings, bus, context);
    return component.make.ui(*supplies.host);
}

}  // namespace

std::string interface_type(std::string_view name)
{
    const auto plain = lower(trimmed(name));
    if (plain == "tk.verboseui" || plain == "tk.tkui") return "tk-verbose";
    if (plain.starts_with("tk.")) return "tk";
    const auto dot = plain.rfind('.');
    return dot == plain.npos ? plain : plain.substr(dot + 1);
}

std::unique_ptr<Ui> make_interface(
    const Config& config, const GeneralSettings& general, const PluginLoader& loader, EventBus& bus,
    Choice choice, InterfaceSupplies& supplies)
{
    for (const auto& name : general.interfaces) {
        try {
            auto interface = make(config, loader, bus, interface_type(name), supplies);
            if (choice == Choice::forced || interface->usable()) return interface;
            bus.log(Level::info, "user interface " + name + " is not usable here");
        } catch (const Error& error) {
            if (choice == Choice::forced)
                throw Error(
                    error.code(),
                    concat(
                        "user interface ", name, ": ", error.what(),
                        "\nthere are: ", known_types(loader)));
            bus.log(Level::warning, "user interface " + name + ": " + error.what());
        }
    }
    return make(config, loader, bus, "basic", supplies);
}

}  // namespace offlineimap::core
