// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>

namespace offlineimap::sync {

/// Where a run tells what it does. Thread-safe; returns at once, whoever listens.
class Events {
public:
    /// The views in `event` are valid during the call.
    virtual void post(const Event& event) = 0;
    /// Somebody wants to be told of every single message.
    [[nodiscard]] virtual bool wants_every_message() const { return false; }
    /// A part of the run took from `begin` until now, on the calling thread.
    virtual void
    span(std::string_view /*what*/, std::chrono::steady_clock::time_point /*begin*/) noexcept
    {
    }

protected:
    ~Events() = default;
};

}  // namespace offlineimap::sync
