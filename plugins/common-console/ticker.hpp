// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace offlineimap::console {

/// Calls a function again and again on a thread of its own while it is switched on: for a
/// countdown, which no event moves. The function must not switch it.
class Ticker {
public:
    Ticker(std::chrono::milliseconds period, std::function<void()> tick);
    Ticker(const Ticker&) = delete;
    Ticker& operator=(const Ticker&) = delete;
    ~Ticker();

    enum class Switch : unsigned char { on, off };
    /// Returns at once; the thread begins with the first `on`.
    void turn(Switch to);
    /// Waits for the last call.
    void end() noexcept;

private:
    void run();

    const std::chrono::milliseconds period_;
    const std::function<void()> tick_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool on_ = false, ending_ = false;
    std::thread thread_;
};

}  // namespace offlineimap::console
