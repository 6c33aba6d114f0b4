// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "listeners.hpp"
#include "wake_up.hpp"

#include "core/host/cancel.hpp"
#include "core/host/event_bus.hpp"
#include "core/sync/folder_pair.hpp"
#include "core/sync/sessions.hpp"

#include <functional>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace offlineimap::core {

/// Looks out, while an account sleeps, for what happens in its folders, and wakes it up: each side
/// on a thread of its own, with a session of the pool that runs use, too. Where that one is told of
/// some remote folders only, each of the next ones has a listener, and a thread. A lost session is
/// opened again after a pause that grows.
class AccountWatch {
public:
    /// Which folders: of the local side all that are kept equal, of the remote side `remote`.
    /// References outlive it.
    struct Request {
        std::string account;
        sync::Both<sync::SessionPool*> sessions;
        Listeners& listeners;
        std::span<const sync::FolderPair> pairs;
        std::vector<FolderPath> remote;
    };
    AccountWatch(Request request, WakeUp& wake_up, EventBus& bus);
    AccountWatch(const AccountWatch&) = delete;
    AccountWatch& operator=(const AccountWatch&) = delete;
    ~AccountWatch();  ///< the sessions are back in their pools

private:
    class Sink;
    /// Watches again and again until there is nothing more to do.
    void run(const std::function<bool()>& watch);
    bool watch(sync::Side side, const std::vector<FolderPath>& folders);
    bool listen(const FolderPath& folder);
    void share_out(Session& session, const std::vector<FolderPath>& folders);
    void pause(std::chrono::seconds time) const;

    const Request request_;
    WakeUp& wake_up_;
    EventBus& bus_;
    CancelSource stop_;
    std::vector<std::jthread> listening_;  ///< begun by one of the others
    std::vector<std::jthread> threads_;
};

/// The paths of the remote folders with these names, "*" for all of them. A name that is none of
/// the pairs' is warned of.
[[nodiscard]] std::vector<FolderPath> paths_of_idle_folders(
    std::span<const sync::FolderPair> pairs, const std::vector<std::string>& names, EventBus& bus);

}  // namespace offlineimap::core
