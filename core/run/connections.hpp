// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "listeners.hpp"

#include "core/host/cancel.hpp"
#include "core/sync/sessions.hpp"
#include "core/sync/side.hpp"

namespace offlineimap::core {

/// The sessions of one account, open from one run to the next until they are closed.
class Connections {
public:
    /// `stop`: the user wants to leave at once. All outlive it.
    Connections(Repository& local, Repository& remote, const Cancel& stop)
        : cancel_(stop, dead_)
        , local_(local, cancel_, local.max_sessions(), first_pause)
        , remote_(remote, cancel_, remote.max_sessions(), first_pause)
        , listeners_(remote, cancel_)
    {
    }

    sync::Both<sync::SessionPool*> pools() { return {&local_, &remote_}; }
    /// Of the remote side.
    Listeners& listeners() noexcept { return listeners_; }
    /// Nobody is there any more: whatever waits for the other side throws cancelled. For good.
    void give_up() noexcept { dead_.request(); }

private:
    static constexpr std::chrono::milliseconds first_pause {250};
    CancelSource dead_;
    EitherCancel cancel_;
    sync::SessionPool local_, remote_;
    Listeners listeners_;
};

}  // namespace offlineimap::core
