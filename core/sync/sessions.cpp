// SPDX-License-Identifier: Apache-2.0
#include "sessions.hpp"

#include <poll.h>

namespace offlineimap::sync {
namespace {

/// Waits, but not longer than until the user wants to stop.
void pause(const Cancel& cancel, std::chrono::milliseconds time)
{
    pollfd fd {cancel.fd(), POLLIN, 0};
    ::poll(&fd, 1, static_cast<int>(time.count()));
    cancel.check();
}

}  // namespace

SessionPool::SessionPool(
    Repository& repository, const Cancel& cancel, unsigned limit,
    std::chrono::milliseconds first_pause)
    : repository_(repository)
    , cancel_(cancel)
    , limit_(limit == 0 ? 1 : limit)
    , first_pause_(first_pause)
{
}

SessionPool::Lease::Lease(SessionPool& pool, std::unique_ptr<Session> session, Age age)
    : pool_(&pool), session_(std::move(session)), age_(age)
{
}

SessionPool::Lease::~Lease()
{
    if (pool_) pool_->give_back(std::move(session_));
}

SessionPool::Lease SessionPool::take()
{
    std::unique_lock lock(mutex_);
    free_.wait(lock, [this] { return !idle_.empty() || open_ < limit_; });
    if (!idle_.empty()) {
        auto session = std::move(idle_.back());
        idle_.pop_back();
        return {*this, std::move(session), Lease::Age::used_before};
    }
    ++open_;
    lock.unlock();
    try {
        if (connecting_) connecting_();
        return {*this, repository_.connect(cancel_), Lease::Age::fresh};
    } catch (...) {
        give_back(nullptr);
        throw;
    }
}

void SessionPool::give_back(std::unique_ptr<Session> session) noexcept
{
    const std::lock_guard lock(mutex_);
    if (session)
        idle_.push_back(std::move(session));
    else
        --open_;
    free_.notify_one();
}

void SessionPool::close() noexcept
{
    const std::lock_guard lock(mutex_);
    open_ -= static_cast<unsigned>(idle_.size());
    idle_.clear();
}

void SessionPool::keep_alive() noexcept
{
    std::vector<std::unique_ptr<Session>> idle;
    {
        const std::lock_guard lock(mutex_);
        idle.swap(idle_);
    }
    for (auto& session : idle) {
        try {
            session->keep_alive();
        } catch (const Error&) {
            session.reset();
        }
        give_back(std::move(session));
    }
}

void with_session(
    SessionPool& pool, const std::function<void(Session&)>& work,
    const std::function<bool()>& progressed)
{
    constexpr int most_attempts = 4;
    auto wait = pool.first_pause();
    for (int attempt = 1;; ++attempt) {
        try {
            auto lease = pool.take();
            try {
                return work(*lease);
            } catch (const Error& error) {
                if (error.scope() >= Scope::session) lease.drop();
                throw;
            } catch (...) {
                lease.drop();
                throw;
            }
        } catch (const Error& error) {
            if (progressed()) {
                attempt = 0;
                wait = pool.first_pause();
            }
            if (error.retry() != Retry::reconnect || attempt >= most_attempts) throw;
        }
        pause(pool.cancel(), wait);
        wait *= 2;
    }
}

}  // namespace offlineimap::sync
