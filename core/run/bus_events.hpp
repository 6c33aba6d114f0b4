// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "problems.hpp"

#include "core/config/account.hpp"
#include "core/host/event_bus.hpp"
#include "core/host/tracer.hpp"
#include "core/sync/events.hpp"

namespace offlineimap::core {

/// The algorithm's view of the event bus; adds the types of the account's repositories, which it
/// does not know. The account outlives this.
class BusEvents final : public sync::Events {
public:
    /// `tracer` may be null.
    BusEvents(EventBus& bus, const AccountSettings& account, Tracer* tracer)
        : bus_(bus), account_(account), tracer_(tracer)
    {
    }

    void post(const Event& event) override
    {
        if (event.kind == EventKind::failure && event.error != nullptr) return post_failure(event);
        if (event.details == nullptr) return bus_.post(event);
        EventDetails details = *event.details;
        details.from.type = type_of(details.from.repository);
        details.to.type = type_of(details.to.repository);
        Event typed = event;
        typed.details = &details;
        bus_.post(typed);
    }
    [[nodiscard]] bool wants_every_message() const override { return bus_.wants_every_message(); }
    void span(std::string_view what, std::chrono::steady_clock::time_point begin) noexcept override
    {
        if (tracer_ != nullptr) tracer_->span("sync", what, begin);
    }

private:
    void post_failure(const Event& event)
    {
        const auto text = failure_text(*event.error);
        Event whole = event;
        whole.text = text;
        bus_.post(whole);
    }
    std::string_view type_of(std::string_view repository) const
    {
        for (const auto* side : {&account_.local, &account_.remote})
            if (side->name == repository) return side->type;
        return {};
    }

    EventBus& bus_;
    const AccountSettings& account_;
    Tracer* const tracer_;
};

}  // namespace offlineimap::core
