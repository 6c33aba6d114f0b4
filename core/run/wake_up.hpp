// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace offlineimap::core {

/// What ends the sleep of accounts. Thread-safe.
class WakeUp {
public:
    enum class Reason : std::uint8_t { time_is_up, sync_now, leave };

    /// Ends the present sleep of every account, or its next one.
    void sync_now();
    /// No more runs after the present ones.
    void leave();
    [[nodiscard]] bool is_leaving() const;
    /// `seen` is the caller's memory of how often it was woken; start with 0.
    [[nodiscard]] Reason sleep(std::chrono::seconds time, std::uint64_t& seen);

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t calls_ = 0;
    bool leaving_ = false;
};

}  // namespace offlineimap::core
