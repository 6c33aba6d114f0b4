// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/account.hpp"
#include "core/host/event_bus.hpp"
#include "core/host/loader.hpp"
#include "core/host/tracer.hpp"
#include "core/sync/commands.hpp"
#include "core/sync/stop_signs.hpp"

#include <set>
#include <string>

namespace offlineimap::core {

class PlanBook;

/// What all accounts of one run of the program share. References outlive the run.
struct Program {
    const Config& config;
    const GeneralSettings& general;
    const PluginLoader& loader;
    EventBus& bus;
    sync::StopSigns& stop;
    std::set<std::string> debug = {};  ///< -d: imap, maildir, thread
    Tracer* tracer = nullptr;          ///< -P; nullptr: nobody traces
    Script* script = nullptr;          ///< for expressions; loaded with the first of them
    sync::Typed typed = {};            ///< for commands in messages
    PlanBook* plans = nullptr;         ///< nullptr: nobody asks for plans, or has approved one
};

}  // namespace offlineimap::core
