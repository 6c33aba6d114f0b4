// SPDX-License-Identifier: Apache-2.0
#include "ticker.hpp"

#include <csignal>
#include <pthread.h>
#include <utility>

namespace offlineimap::console {
namespace {

/// A thread that starts now leaves the signals to the others.
class NoSignals {
public:
    NoSignals()
    {
        sigset_t all;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    NoSignals(const NoSignals&) = delete;
    NoSignals& operator=(const NoSignals&) = delete;
    ~NoSignals() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
    sigset_t before_ = {};
};

}  // namespace

Ticker::Ticker(std::chrono::milliseconds period, std::function<void()> tick)
    : period_(period), tick_(std::move(tick))
{
}

Ticker::~Ticker()
{
    end();
}

void Ticker::turn(Switch to)
{
    const std::lock_guard lock(mutex_);
    if (ending_ || on_ == (to == Switch::on)) return;
    on_ = to == Switch::on;
    if (on_ && !thread_.joinable()) {
        const NoSignals mask;
        thread_ = std::thread([this] { run(); });
    }
    changed_.notify_all();
}

void Ticker::end() noexcept
{
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void Ticker::run()
{
    std::unique_lock lock(mutex_);
    while (!ending_) {
        if (!on_) {
            changed_.wait(lock, [this] { return on_ || ending_; });
        } else if (!changed_.wait_for(lock, period_, [this] { return !on_ || ending_; })) {
            lock.unlock();
            tick_();
            lock.lock();
        }
    }
}

}  // namespace offlineimap::console
