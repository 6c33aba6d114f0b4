// SPDX-License-Identifier: Apache-2.0
#include "sessions.hpp"

#include <algorithm>
#include <poll.h>
#include <string>

namespace offlineimap::sync {
namespace {

/// Waits, but not longer than until the user wants to stop.
void pause(const Cancel& cancel, std::chrono::milliseconds time)
{
    pollfd fd {cancel.fd(), POLLIN, 0};
    ::poll(&fd, 1, static_cast<int>(time.count()));
    cancel.check();
}

/// Whether the other side may take us later, or has taken as many of us as it wants.
bool wants_fewer(const Error& error)
{
    return error.code() == Errc::unavailable && error.retry() == Retry::later;
}

/// How long to wait for a session with another one in hand that is waited for, in first pauses.
constexpr int crowded = 120;
/// How often one is asked for that says "not now".
constexpr int most_requests = 4;
/// How often work is begun that nothing comes of.
constexpr int most_attempts = 4;
/// Such a wait is longer than the one after a lost connection.
constexpr int patience = 4;

}  // namespace

bool asks_for_patience(const Error& error) noexcept
{
    const bool not_now =
        error.code() == Errc::unavailable || error.code() == Errc::busy || is_limit(error);
    return not_now && error.retry() == Retry::reconnect && error.scope() <= Scope::folder;
}

bool is_limit(const Error& error) noexcept
{
    return error.code() == Errc::quota;
}

SessionPool::SessionPool(
    Repository& repository, const Cancel& cancel, unsigned limit,
    std::chrono::milliseconds first_pause)
    : repository_(repository)
    , cancel_(cancel)
    , most_(limit == 0 ? 1 : limit)
    , limit_(most_)
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

SessionPool::Lease SessionPool::take(const SessionPool* held)
{
    auto wait = first_pause_ * patience;
    for (int request = 1;; ++request) {
        std::unique_lock lock(mutex_);
        await_free(lock, held);
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
        } catch (const Error& error) {
            give_back(nullptr);
            if (!wants_fewer(error)) throw;
            const bool has_others = make_do();
            if (!has_others && request >= most_requests) throw;
            if (refused_) refused_(error, has_others ? limit() : 0);
            if (has_others) continue;
        } catch (...) {
            give_back(nullptr);
            throw;
        }
        pause(cancel_, wait);
        wait *= 2;
    }
}

void SessionPool::await_free(std::unique_lock<std::mutex>& lock, const SessionPool* held)
{
    const auto is_free = [this] { return !idle_.empty() || open_ < limit_; };
    if (is_free()) return;
    struct Waiting {
        explicit Waiting(std::atomic<unsigned>& all) : count(all) { ++count; }
        ~Waiting() { --count; }
        std::atomic<unsigned>& count;
    } const waiting {waiting_};
    if (!held) return free_.wait(lock, is_free);
    while (!free_.wait_for(lock, crowded_wait(*held), is_free))
        if (held->waiting_ > 0)
            throw Error(
                Errc::unavailable, Scope::session, Retry::reconnect,
                "wait for one of the " + std::to_string(limit_)
                    + " connections that the server allows: all are in use");
}

/// Of two that wait for each other one gives in first.
std::chrono::milliseconds SessionPool::crowded_wait(const SessionPool& held) const
{
    const auto wait = std::max(first_pause_, std::chrono::milliseconds(1)) * crowded;
    return std::less<>()(this, &held) ? wait : 2 * wait;
}

int SessionPool::attempts() const noexcept
{
    return waited_ == Patience::helped ? most_attempts : 2;
}

bool SessionPool::make_do()
{
    const std::lock_guard lock(mutex_);
    if (open_ == 0) return false;
    limit_ = std::min<unsigned>(limit_, open_);
    free_.notify_all();  // whoever waits knows of it now
    return true;
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

void SessionPool::make_room() noexcept
{
    std::vector<std::unique_ptr<Session>> idle;
    {
        const std::lock_guard lock(mutex_);
        idle.swap(idle_);
        open_ -= static_cast<unsigned>(idle.size());
    }
    idle.clear();
    make_do();
}

void SessionPool::close() noexcept
{
    const std::lock_guard lock(mutex_);
    open_ -= static_cast<unsigned>(idle_.size());
    idle_.clear();
    limit_ = most_;
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

namespace {

/// What does not even answer is not there: nobody wants to wait for that several times.
SessionPool::Lease connected(SessionPool& pool)
{
    try {
        return pool.take();
    } catch (const Error& error) {
        if (error.code() != Errc::timeout) throw;
        throw Error(error.code(), error.scope(), Retry::later, error.what());
    }
}

/// `work` with one session, which is closed if it broke. Throws what may be tried again as
/// Retry::reconnect.
void work_once(SessionPool& pool, const std::function<void(Session&)>& work)
{
    auto lease = connected(pool);
    try {
        work(*lease);
    } catch (const Error& error) {
        if (asks_for_patience(error)) pool.make_room();
        if (error.scope() < Scope::session) throw;
        lease.drop();
        if (!wants_fewer(error)) throw;
        pool.make_room();
        throw Error(error.code(), error.scope(), Retry::reconnect, error.what());
    } catch (...) {
        lease.drop();
        throw;
    }
}

/// How often in all work is begun that ends with this error, which may be tried again.
int attempts_at(const SessionPool& pool, const Error& error)
{
    if (!asks_for_patience(error)) return most_attempts;
    return is_limit(error) ? 2 : pool.attempts();
}

}  // namespace

void with_session(
    SessionPool& pool, const std::function<void(Session&)>& work,
    const std::function<bool()>& progressed)
{
    using Patience = SessionPool::Patience;
    bool is_patient = false;
    auto wait = pool.first_pause();
    for (int attempt = 1;; ++attempt) {
        bool is_busy = false;
        try {
            work_once(pool, work);
            if (is_patient) pool.waited(Patience::helped);
            return;
        } catch (const Error& error) {
            if (progressed()) {
                attempt = 0;
                wait = pool.first_pause();
            }
            if (error.retry() != Retry::reconnect) throw;  // whatever came of it
            is_patient = asks_for_patience(error) && !is_limit(error);
            if (attempt >= attempts_at(pool, error)) {
                if (is_patient) pool.waited(Patience::in_vain);
                throw;
            }
            is_busy = error.code() == Errc::unavailable || error.code() == Errc::busy;
            pool.tell(error);
        }
        pause(pool.cancel(), is_busy ? wait * patience : wait);
        wait *= 2;
    }
}

}  // namespace offlineimap::sync
