// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace offlineimap::imap {

/// Notices a server that always has something to say and never comes to an end: a byte a minute
/// keeps every single wait within its deadline, and `* OK still here` says nothing.
class Pace {
public:
    using Clock = std::chrono::steady_clock;

    explicit Pace(std::chrono::milliseconds timeout) : span_(timeout * 10) { }

    /// A command was answered, or the first one sent.
    void restart() noexcept
    {
        since_ = Clock::now();
        useful_ = responses_ = 0;
    }
    /// Something that was asked for: bytes of a text, in either direction.
    void moved(std::uint64_t bytes) noexcept { useful_ += bytes; }
    /// One response that a command takes.
    void taken() noexcept
    {
        useful_ += 1024;
        ++responses_;
    }
    /// Throws timeout when too little came of all that was said; protocol when there is no end.
    void check(const std::string& peer);

private:
    std::chrono::milliseconds span_;
    Clock::time_point since_ = Clock::now();
    std::uint64_t useful_ = 0, responses_ = 0;
};

}  // namespace offlineimap::imap
