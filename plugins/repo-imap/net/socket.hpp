// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stream.hpp"

#include <offlineimap/plugin.hpp>

#include <memory>
#include <string>

namespace offlineimap::imap {

/// Owns a file descriptor.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) noexcept : number_(number) { }
    Descriptor(Descriptor&& other) noexcept : number_(other.release()) { }
    Descriptor& operator=(Descriptor&& other) noexcept;
    ~Descriptor() { reset(); }

    [[nodiscard]] int number() const noexcept { return number_; }
    int release() noexcept;
    void reset() noexcept;

private:
    int number_ = -1;
};

/// What lives behind a socket and must end with it: the process of a tunnel.
class Companion {
public:
    Companion() = default;
    Companion(const Companion&) = delete;
    Companion& operator=(const Companion&) = delete;
    virtual ~Companion() = default;
    /// Called once when the socket was found closed; "ended with status 127".
    virtual std::string last_words() { return {}; }
};

/// A connected, non-blocking socket, or the two pipes of a tunnel, with what every wait on it
/// needs. `cancel` outlives it.
class Socket {
public:
    enum class Route : std::uint8_t { direct, loopback, proxy, tunnel };
    enum class Wait : std::uint8_t { readable, writable, both };
    /// `moved` bytes; or none yet; or the peer will send no more.
    struct Moved {
        std::size_t bytes = 0;
        bool closed = false;
    };

    Socket(
        Descriptor descriptor, std::string peer, Route route, const Cancel& cancel,
        std::unique_ptr<Companion> companion = nullptr);

    /// What the peer says comes from `input`, what is said to it goes to `output`: pipes, since
    /// some servers refuse a socket as their input (Dovecot's imap takes it for inetd).
    Socket(
        Descriptor input, Descriptor output, std::string peer, const Cancel& cancel,
        std::unique_ptr<Companion> companion);

    /// Returns when it can go on. Throws timeout, cancelled, io.
    void wait(Wait what, Deadline deadline) const;
    /// Neither waits. They throw network.
    std::size_t send(Bytes bytes);
    Moved receive(std::span<std::byte> space);
    /// The error for a peer that is gone; `what` is the system's word for it.
    [[nodiscard]] Error gone(std::string_view what) const;

    /// See Stream::wake_on().
    void wake_on(int descriptor) noexcept { wake_ = descriptor; }
    [[nodiscard]] int descriptor() const noexcept { return descriptor_.number(); }
    [[nodiscard]] Route route() const noexcept { return route_; }
    [[nodiscard]] const std::string& peer() const noexcept { return peer_; }
    void check_cancelled() const { cancel_->check(); }

private:
    // Destroyed in reverse: the descriptors first, so that the companion sees the end of its input.
    std::unique_ptr<Companion> companion_;
    Descriptor descriptor_;
    Descriptor output_;  ///< of a tunnel; else nothing
    std::string peer_;
    Route route_;
    const Cancel* cancel_;
    int wake_ = -1;
};

/// Whether a system call that failed with this errno is to be made again when there is something.
[[nodiscard]] bool is_for_now(int error) noexcept;

}  // namespace offlineimap::imap
