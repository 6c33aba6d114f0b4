// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/repository.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace offlineimap::core {

/// Sessions that only listen, besides those of the pool: for servers that tell one connection of
/// one folder. They stay open from one sleep to the next. Thread-safe.
class Listeners {
public:
    /// Both outlive it.
    Listeners(Repository& repository, const Cancel& cancel)
        : repository_(repository), cancel_(cancel)
    {
    }
    /// Called before each session is opened; set it before the first use.
    void on_connecting(std::function<void()> say) { connecting_ = std::move(say); }

    /// One that is open, or a new one; null where that failed a while ago. Throws what connecting
    /// throws.
    [[nodiscard]] std::unique_ptr<Session> take();
    void give_back(std::unique_ptr<Session> session);

private:
    using Clock = std::chrono::steady_clock;

    std::unique_ptr<Session> connect();

    Repository& repository_;
    const Cancel& cancel_;
    std::function<void()> connecting_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<Session>> idle_;
    Clock::time_point not_before_ {};
};

}  // namespace offlineimap::core
