// SPDX-License-Identifier: Apache-2.0
#include "listeners.hpp"

#include <utility>

namespace offlineimap::core {

std::unique_ptr<Session> Listeners::take()
{
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            auto session = std::move(idle_.back());
            idle_.pop_back();
            return session;
        }
        if (Clock::now() < not_before_) return nullptr;
    }
    return connect();
}

std::unique_ptr<Session> Listeners::connect()
{
    constexpr std::chrono::minutes patience {5};  // a run may have to wait for one in vain
    if (connecting_) connecting_();
    try {
        return repository_.connect(cancel_);
    } catch (const Error&) {
        const std::lock_guard lock(mutex_);
        not_before_ = Clock::now() + patience;
        throw;
    }
}

void Listeners::give_back(std::unique_ptr<Session> session)
{
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(session));
}

}  // namespace offlineimap::core
