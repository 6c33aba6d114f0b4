// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sync/side.hpp"

#include <offlineimap/types.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace offlineimap::core {

/// What ended an account's sleep; several may be true.
struct News {
    bool leave = false;      ///< no more runs
    bool asked = false;      ///< the user wants a run now
    bool disturbed = false;  ///< the machine slept, or its network changed: connections are dead
    bool somewhere = false;  ///< something happened, nobody knows in which folder
    sync::Both<std::set<FolderPath>> touched;

    bool has_touches() const noexcept
    {
        return somewhere || !touched.left.empty() || !touched.right.empty();
    }
    bool any() const noexcept { return leave || asked || disturbed || has_touches(); }
    /// One remote folder alone: most likely a message that arrived.
    bool is_single_push() const noexcept
    {
        return !somewhere && touched.left.empty() && touched.right.size() == 1;
    }
    /// Not to be put off for more of the same kind.
    bool is_urgent() const noexcept { return leave || asked || disturbed; }
};

/// What ends the sleep of accounts. Thread-safe.
class WakeUp {
public:
    using Clock = std::chrono::steady_clock;

    /// Ends the present sleep of the account, or its next one; empty = of every account.
    void sync_now(std::string_view account = {});
    /// No more runs after the present ones.
    void leave();
    [[nodiscard]] bool is_leaving() const;
    /// The clock jumped or the network changed.
    void disturb();
    /// Something happened in a folder of the account; an empty path stands for anywhere.
    void touch(const std::string& account, sync::Side side, const FolderPath& path);

    /// Until `end`, or there is news; touches are put together for `gather_for`, a single push
    /// until it has been quiet for a third of that. Nothing: time is up.
    [[nodiscard]] News
    sleep(const std::string& account, Clock::time_point end, std::chrono::milliseconds gather_for);

private:
    struct Sleeper {
        News news;
        std::uint64_t touches = 0;
        std::uint64_t asked = 0, disturbed = 0;  ///< how much of the counters below it has seen
    };
    Sleeper& sleeper(const std::string& account);
    bool has_news(Sleeper& sleeper) const;
    void
    gather(std::unique_lock<std::mutex>& lock, Sleeper& sleeper, std::chrono::milliseconds longest);

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::string, Sleeper> sleepers_;
    std::uint64_t asked_ = 0, disturbed_ = 0;
    bool leaving_ = false;
};

}  // namespace offlineimap::core
