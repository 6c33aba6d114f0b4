// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/repository.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace offlineimap::sync {

/// Whether a folder or a message is to be asked for again a little later: the other side has a
/// limit or a lock that others of us may stand in the way of.
[[nodiscard]] bool asks_for_patience(const Error& error) noexcept;
/// Whether asking once more tells all: time alone seldom lifts a limit of what a folder may hold.
[[nodiscard]] bool is_limit(const Error& error) noexcept;

/// The open sessions of one side. Thread-safe; outlives its leases.
///
/// Where the other side lets no further one in, those that are open must do, until close(). When
/// there is none, it is asked again a few times.
class SessionPool {
public:
    /// Opens at most `limit` sessions, each when it is first needed. `first_pause`: how long to
    /// wait before a lost one is opened again, or one more is asked for where the other side wanted
    /// to be left alone; each further time twice as long.
    SessionPool(
        Repository& repository, const Cancel& cancel, unsigned limit,
        std::chrono::milliseconds first_pause);
    /// Called before each session is opened, on the thread that does; set it before the first use.
    void on_connecting(std::function<void()> say) { connecting_ = std::move(say); }
    /// Called when the other side wants no more than `sessions` of us now; 0: something failed that
    /// is tried again.
    void on_refused(std::function<void(const Error& why, unsigned sessions)> say)
    {
        refused_ = std::move(say);
    }

    /// Says that something failed and is tried again.
    void tell(const Error& why) const
    {
        if (refused_) refused_(why, 0);
    }

    /// A session for one thread, given back at the end unless it broke.
    class Lease {
    public:
        enum class Age : std::uint8_t { fresh, used_before };
        Lease(SessionPool& pool, std::unique_ptr<Session> session, Age age);
        Lease(Lease&&) noexcept = default;
        Lease& operator=(Lease&&) = delete;
        ~Lease();
        Session& operator*() const { return *session_; }
        Session* operator->() const { return session_.get(); }
        /// It was open before: the other side may have left meanwhile.
        bool was_idle() const noexcept { return age_ == Age::used_before; }
        /// It failed: it is closed, and the next one is a new one.
        void drop() noexcept { session_.reset(); }

    private:
        struct NoOp {
            void operator()(SessionPool*) const noexcept { }
        };
        std::unique_ptr<SessionPool, NoOp> pool_;
        std::unique_ptr<Session> session_;
        Age age_;
    };

    /// Waits for a free one. Throws what connecting throws.
    Lease take() { return take(nullptr); }
    /// The same for who holds one of `held`: throws unavailable when one of those is waited for as
    /// well. Two threads may each hold what the other one waits for.
    Lease take_besides(const SessionPool& held) { return take(&held); }
    /// Closes the idle ones, and opens no more than there are then.
    void make_room() noexcept;
    unsigned limit() const noexcept { return limit_; }
    const Cancel& cancel() const noexcept { return cancel_; }
    std::chrono::milliseconds first_pause() const noexcept { return first_pause_; }
    /// Waiting for what was refused helped, or did not: then what comes next is waited for once.
    enum class Patience : std::uint8_t { helped, in_vain };
    void waited(Patience how) noexcept { waited_ = how; }
    /// How often what asks for patience is asked for.
    int attempts() const noexcept;
    /// Closes the idle ones.
    void close() noexcept;
    /// Says something on each idle one; what does not answer is closed.
    void keep_alive() noexcept;

private:
    Lease take(const SessionPool* held);
    void give_back(std::unique_ptr<Session> session) noexcept;
    void await_free(std::unique_lock<std::mutex>& lock, const SessionPool* held);
    [[nodiscard]] std::chrono::milliseconds crowded_wait(const SessionPool& held) const;
    /// Fewer must do. False when there is none to go on with.
    bool make_do();

    Repository& repository_;
    const Cancel& cancel_;
    const unsigned most_;          ///< as set
    std::atomic<unsigned> limit_;  ///< as the other side allows
    const std::chrono::milliseconds first_pause_;
    std::function<void()> connecting_;
    std::function<void(const Error&, unsigned)> refused_;
    std::mutex mutex_;
    std::condition_variable free_;
    std::vector<std::unique_ptr<Session>> idle_;
    unsigned open_ = 0;
    std::atomic<unsigned> waiting_ = 0;
    std::atomic<Patience> waited_ = Patience::helped;
};

/// Runs `work` with a session until it has come to an end. When the session is lost, or the other
/// side wants to be left alone for a while, again with a new one after a pause that grows; when
/// that happens too often without `progressed` saying that something was done in between, the error
/// goes to the caller.
void with_session(
    SessionPool& pool, const std::function<void(Session&)>& work,
    const std::function<bool()>& progressed);

}  // namespace offlineimap::sync
