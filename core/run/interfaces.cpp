// SPDX-License-Identifier: Apache-2.0
#include "interfaces.hpp"

#include "core/text/strings.hpp"

#include <algorithm>

namespace offlineimap::core {
namespace {

/// "Curses.Blinkenlights" is blinkenlights; the two of Tk are kept apart from the terminal's.
std::string present_name(const std::string& name)
{
    const auto plain = lower(trimmed(name));
    if (plain.starts_with("tk.")) return "tk";
    const auto dot = plain.rfind('.');
    return dot == plain.npos ? plain : plain.substr(dot + 1);
}

const Section* options_of(const Config& config, const std::string& type)
{
    const auto it = std::find_if(
        config.interfaces.begin(), config.interfaces.end(),
        [&](const Section& section) { return section.name == type; });
    return it == config.interfaces.end() ? nullptr : &*it;
}

std::unique_ptr<Ui> make(
    const Config& config, const PluginLoader& loader, EventBus& bus, const std::string& type,
    InterfaceSupplies& supplies)
{
    const Component& component = loader.find(Kind::ui, type);
    SettingsSource source;
    const Section* own = options_of(config, type);
    source.chain = {own ? own : &supplies.none, &config.general};
    source.syntax = config.syntax;
    source.unknown_options = UnknownOptions::pass_over;
    supplies.settings = std::make_unique<SectionSettings>(
        std::span(component.options, component.option_count), source);
    supplies.host = std::make_unique<HostServices>(*supplies.settings, bus, HostContext {});
    return component.make.ui(*supplies.host);
}

}  // namespace

std::unique_ptr<Ui> make_interface(
    const Config& config, const GeneralSettings& general, const PluginLoader& loader, EventBus& bus,
    Choice choice, InterfaceSupplies& supplies)
{
    for (const auto& name : general.interfaces) {
        try {
            auto interface = make(config, loader, bus, present_name(name), supplies);
            if (choice == Choice::forced || interface->usable()) return interface;
            bus.log(Level::info, "user interface " + name + " is not usable here");
        } catch (const Error& error) {
            if (choice == Choice::forced) throw;
            bus.log(Level::warning, "user interface " + name + ": " + error.what());
        }
    }
    return make(config, loader, bus, "basic", supplies);
}

}  // namespace offlineimap::core
