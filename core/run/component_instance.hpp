// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/config/settings.hpp"
#include "core/host/host_services.hpp"
#include "core/host/loader.hpp"

#include <memory>

namespace offlineimap::core {

/// One thing a plugin made, with what it needs to live. Destroyed in the right order.
template <class Made> class ComponentInstance {
public:
    ComponentInstance(
        const Component& component, std::unique_ptr<SectionSettings> settings, EventBus& bus,
        HostContext context)
        : settings_(std::move(settings))
        , host_(std::make_unique<HostServices>(*settings_, bus, std::move(context)))
        , made_(make(component, *host_))
    {
    }

    Made& operator*() const { return *made_; }
    Made* operator->() const { return made_.get(); }
    const SectionSettings& settings() const { return *settings_; }
    const Host& host() const { return *host_; }

private:
    static std::unique_ptr<Made> make(const Component& component, Host& host)
    {
        if constexpr (Made::plugin_kind == Kind::repository)
            return component.make.repository(host);
        else if constexpr (Made::plugin_kind == Kind::script)
            return component.make.script(host);
        else
            return component.make.status(host);
    }

    std::unique_ptr<SectionSettings> settings_;
    std::unique_ptr<HostServices> host_;
    std::unique_ptr<Made> made_;
};

}  // namespace offlineimap::core
