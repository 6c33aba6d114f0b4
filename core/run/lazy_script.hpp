// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "component_instance.hpp"

#include "core/config/model.hpp"

#include <offlineimap/script.hpp>

#include <mutex>

namespace offlineimap::core {

/// The interpreter for the configuration's expressions. Its plugin is loaded with the first
/// expression, so that who has none has no Python in the process. Whoever waits for one is free
/// again when the run is cancelled, however long the user's function takes. Thread-safe.
class LazyScript final : public Script {
public:
    /// All of these outlive the script.
    LazyScript(
        const Config& config, const PluginLoader& loader, EventBus& bus, const Cancel& cancel);

    /// Also throws config when the plugin cannot be had, and cancelled; so do the expressions.
    std::unique_ptr<Expression> compile(std::string_view source, std::string_view where) override;
    /// The plugin's; nullptr where there is no plugin.
    void* facet(std::string_view name) noexcept override;

private:
    using Instance = ComponentInstance<Script>;
    std::shared_ptr<Instance> instance();

    const Config& config_;
    const PluginLoader& loader_;
    EventBus& bus_;
    const Cancel& cancel_;
    std::mutex mutex_;
    /// Shared with the threads that a cancelled run leaves behind in the user's functions.
    std::shared_ptr<Instance> instance_;
};

}  // namespace offlineimap::core
