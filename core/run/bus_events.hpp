// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/host/event_bus.hpp"
#include "core/sync/events.hpp"

namespace offlineimap::core {

/// The algorithm's view of the event bus.
class BusEvents final : public sync::Events {
public:
    explicit BusEvents(EventBus& bus) : bus_(bus) { }
    void post(const Event& event) override { bus_.post(event); }

private:
    EventBus& bus_;
};

}  // namespace offlineimap::core
