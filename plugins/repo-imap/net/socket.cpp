// SPDX-License-Identifier: Apache-2.0
#include "socket.hpp"

#include "text.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <limits>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace offlineimap::imap {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept
{
    if (this != &other) {
        reset();
        number_ = other.release();
    }
    return *this;
}

int Descriptor::release() noexcept
{
    return std::exchange(number_, -1);
}

void Descriptor::reset() noexcept
{
    if (number_ >= 0) ::close(std::exchange(number_, -1));
}

namespace {

/// Rounded up, so that a wait does not spin through the last millisecond.
int milliseconds_until(Deadline deadline)
{
    using namespace std::chrono;
    const auto left = ceil<milliseconds>(deadline - steady_clock::now()).count();
    return static_cast<int>(std::clamp<long long>(left, 0, std::numeric_limits<int>::max()));
}

short poll_events(Socket::Wait what)
{
    switch (what) {
    case Socket::Wait::readable:
        return POLLIN;
    case Socket::Wait::writable:
        return POLLOUT;
    default:
        return POLLIN | POLLOUT;
    }
}

bool try_again(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

Socket::Socket(
    Descriptor descriptor, std::string peer, Route route, const Cancel& cancel,
    std::unique_ptr<Companion> companion)
    : companion_(std::move(companion))
    , descriptor_(std::move(descriptor))
    , peer_(std::move(peer))
    , route_(route)
    , cancel_(&cancel)
{
    const int flags = fcntl(descriptor_.number(), F_GETFL);
    if (flags < 0 || fcntl(descriptor_.number(), F_SETFL, flags | O_NONBLOCK) < 0)
        throw Error(Errc::io, joined("prepare socket to ", peer_, ": ", errno_text(errno)));
}

void Socket::wait(Wait what, Deadline deadline) const
{
    pollfd polled[2] = {{descriptor_.number(), poll_events(what), 0}, {cancel_->fd(), POLLIN, 0}};
    for (;;) {
        cancel_->check();
        const int ready = poll(polled, 2, milliseconds_until(deadline));
        if (ready < 0 && errno != EINTR)
            throw Error(Errc::io, joined("wait for ", peer_, ": ", errno_text(errno)));
        cancel_->check();
        if (ready > 0 && polled[0].revents != 0) return;
        if (ready <= 0 && std::chrono::steady_clock::now() >= deadline)
            throw Error(Errc::timeout, joined("wait for ", peer_, ": no answer in time"));
    }
}

std::size_t Socket::send(Bytes bytes)
{
    const ssize_t sent =
        ::send(descriptor_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (try_again(errno)) return 0;
    throw gone(errno_text(errno));
}

Socket::Moved Socket::receive(std::span<std::byte> space)
{
    const ssize_t received = ::recv(descriptor_.number(), space.data(), space.size(), MSG_DONTWAIT);
    if (received >= 0) return {static_cast<std::size_t>(received), received == 0};
    if (try_again(errno)) return {};
    throw gone(errno_text(errno));
}

Error Socket::gone(std::string_view what) const
{
    const std::string words = companion_ ? companion_->last_words() : std::string();
    return {
        Errc::network,
        words.empty() ? joined("connection to ", peer_, ": ", what)
                      : joined(peer_, ": the command ", words)};
}

}  // namespace offlineimap::imap
