// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "program.hpp"

#include "core/config/settings.hpp"
#include "core/host/host_services.hpp"

#include <memory>
#include <string>

namespace offlineimap::core {

/// Whether the user named the interface for this run (-u): then it is used even if it thinks that
/// it is not usable here, and one that does not exist is an error.
enum class Choice : std::uint8_t { configured, forced };

/// What an interface needs to live. Outlives it, and so the bus that owns it.
struct InterfaceSupplies {
    Level least_level = Level::info;  ///< debug where the user asked for it
    std::string type = {};            ///< of the interface that was made
    Section none = {};
    std::unique_ptr<SectionSettings> settings = {};
    std::unique_ptr<HostServices> host = {};
};

/// The type of an interface by its present or one of its former names: "TTY.TTYUI" is ttyui,
/// "Curses.Blinkenlights" blinkenlights, "Tk.Blinkenlights" tk, "Tk.VerboseUI" tk-verbose.
std::string interface_type(std::string_view name);

/// Makes the first usable one of the interfaces that the configuration names, by their present or
/// former names. None of them: basic. Throws config.
std::unique_ptr<Ui> make_interface(
    const Config& config, const GeneralSettings& general, const PluginLoader& loader, EventBus& bus,
    Choice choice, InterfaceSupplies& supplies);

}  // namespace offlineimap::core
