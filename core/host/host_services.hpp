// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "event_bus.hpp"
#include "tracer.hpp"

#include <offlineimap/plugin.hpp>

#include <filesystem>
#include <functional>
#include <string>

namespace offlineimap::core {

/// Which component instance is served, and with what.
struct HostContext {
    std::string account = {}, repository = {};  ///< empty where there is none
    std::filesystem::path state_dir = {};       ///< made when first asked for
    Level least_level = Level::info;            ///< debug where the user asked for it
    Tracer* tracer = nullptr;                   ///< outlives the instance; nullptr: nobody traces
    /// As Host::secret(); empty: nobody knows a secret.
    std::function<std::string(std::string_view option, std::string_view reason, bool fresh)>
        secret = {};
    /// As Host::confirm(); empty: the bus asks the user.
    std::function<bool(std::string_view question, bool otherwise)> confirm = {};
};

/// What the core offers one component instance. Settings and bus outlive it. Thread-safe if the
/// functions of its context are.
class HostServices final : public Host {
public:
    HostServices(const Settings& settings, EventBus& bus, HostContext context);

    const Settings& settings() const noexcept override { return settings_; }
    bool logs(Level level) const noexcept override { return level >= context_.least_level; }
    /// The line gets the name of the repository, else of the account, in front.
    void log(Level level, std::string_view text) noexcept override;
    std::string secret(std::string_view option, std::string_view reason, bool fresh) override;
    bool confirm(std::string_view question, bool otherwise) override;
    std::filesystem::path state_dir() const override;
    void withhold(std::string_view secret) noexcept override;
    bool traces() const noexcept override { return context_.tracer != nullptr; }
    void
    trace(std::string_view what, std::chrono::steady_clock::time_point begin) noexcept override;

private:
    const Settings& settings_;
    EventBus& bus_;
    HostContext context_;
};

}  // namespace offlineimap::core
