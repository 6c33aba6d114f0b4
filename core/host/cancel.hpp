// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <atomic>

namespace offlineimap::core {

/// A Cancel that the core asks with. Thread-safe.
class CancelSource final : public Cancel {
public:
    CancelSource();  ///< throws Error{io} when the system has no file descriptor left
    CancelSource(const CancelSource&) = delete;
    CancelSource& operator=(const CancelSource&) = delete;
    ~CancelSource();

    /// For good. May be called from a signal handler.
    void request() noexcept;

    bool requested() const noexcept override { return requested_.load(); }
    int fd() const noexcept override { return fd_; }

private:
    static_assert(std::atomic<bool>::is_always_lock_free, "request() is for signal handlers too");
    std::atomic<bool> requested_ = false;
    int fd_;
};

/// Requested as soon as one of two others is, which outlive it: the whole run's and one session's.
class EitherCancel final : public Cancel {
public:
    EitherCancel(const Cancel& one, const Cancel& other);  ///< throws as CancelSource's
    EitherCancel(const EitherCancel&) = delete;
    EitherCancel& operator=(const EitherCancel&) = delete;
    ~EitherCancel();

    bool requested() const noexcept override { return one_.requested() || other_.requested(); }
    int fd() const noexcept override { return fd_; }

private:
    const Cancel& one_;
    const Cancel& other_;
    int fd_;
};

}  // namespace offlineimap::core
