// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <thread>

namespace offlineimap::core {

/// Notices on a thread of its own that the machine was suspended or its clock set, and that its
/// network addresses or routes changed: connections that were open are dead then, although nobody
/// says so. Uses no time while nothing happens.
class DisturbanceWatch {
public:
    /// Calls `happened` on the thread, once for what comes in a row. Where the system cannot tell,
    /// nothing is noticed.
    explicit DisturbanceWatch(std::function<void()> happened);
    DisturbanceWatch(const DisturbanceWatch&) = delete;
    DisturbanceWatch& operator=(const DisturbanceWatch&) = delete;
    ~DisturbanceWatch();

private:
    void run();
    bool wait_for_one();
    bool drain_clock() const;
    bool drain_network() const;
    void arm_clock() const;

    const std::function<void()> happened_;
    int clock_ = -1, network_ = -1, stop_ = -1;
    std::thread thread_;
};

}  // namespace offlineimap::core
