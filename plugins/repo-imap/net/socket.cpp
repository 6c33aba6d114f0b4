// SPDX-License-Identifier: Apache-2.0
#include "socket.hpp"

#include "text.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
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

short input_events(Socket::Wait what)
{
    return what == Socket::Wait::writable ? 0 : POLLIN;
}

short output_events(Socket::Wait what)
{
    return what == Socket::Wait::readable ? 0 : POLLOUT;
}

void do_not_block(const Descriptor& descriptor, const std::string& peer)
{
    const int flags = fcntl(descriptor.number(), F_GETFL);
    if (flags < 0 || fcntl(descriptor.number(), F_SETFL, flags | O_NONBLOCK) < 0)
        throw Error(Errc::io, joined("prepare socket to ", peer, ": ", errno_text(errno)));
}

/// write() without the signal that a broken pipe sends.
ssize_t write_quietly(int descriptor, Bytes bytes)
{
    sigset_t broken_pipe, before;
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    const int error = errno;
    if (written < 0 && error == EPIPE) {
        const timespec at_once {};
        sigtimedwait(&broken_pipe, nullptr, &at_once);
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return written;
}

}  // namespace

bool is_for_now(int error) noexcept
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

Socket::Socket(
    Descriptor descriptor, std::string peer, Route route, const Cancel& cancel,
    std::unique_ptr<Companion> companion)
    : companion_(std::move(companion))
    , descriptor_(std::move(descriptor))
    , peer_(std::move(peer))
    , route_(route)
    , cancel_(&cancel)
{
    do_not_block(descriptor_, peer_);
}

Socket::Socket(
    Descriptor input, Descriptor output, std::string peer, const Cancel& cancel,
    std::unique_ptr<Companion> companion)
    : Socket(std::move(input), std::move(peer), Route::tunnel, cancel, std::move(companion))
{
    output_ = std::move(output);
    do_not_block(output_, peer_);
}

void Socket::wait(Wait what, Deadline deadline) const
{
    const bool is_pipes = output_.number() >= 0;
    const auto both = static_cast<short>(input_events(what) | output_events(what));
    pollfd polled[4] = {
        {descriptor_.number(), is_pipes ? input_events(what) : both, 0},
        {is_pipes && output_events(what) != 0 ? output_.number() : -1, POLLOUT, 0},
        {cancel_->fd(), POLLIN, 0},
        {wake_, POLLIN, 0}};
    for (;;) {
        cancel_->check();
        const int ready = poll(polled, 4, milliseconds_until(deadline));
        if (ready < 0 && errno != EINTR)
            throw Error(Errc::io, joined("wait for ", peer_, ": ", errno_text(errno)));
        cancel_->check();
        if (ready > 0 && (polled[0].revents != 0 || polled[1].revents != 0)) return;
        const bool woken = ready > 0 && polled[3].revents != 0;
        if (woken || (ready <= 0 && std::chrono::steady_clock::now() >= deadline))
            throw Error(Errc::timeout, joined("wait for ", peer_, ": no answer in time"));
    }
}

std::size_t Socket::send(Bytes bytes)
{
    const ssize_t sent = output_.number() >= 0
        ? write_quietly(output_.number(), bytes)
        : ::send(descriptor_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (is_for_now(errno)) return 0;
    throw gone(errno_text(errno));
}

Socket::Moved Socket::receive(std::span<std::byte> space)
{
    const int from = descriptor_.number();
    const ssize_t received = output_.number() >= 0
        ? ::read(from, space.data(), space.size())
        : ::recv(from, space.data(), space.size(), MSG_DONTWAIT);
    if (received >= 0) return {static_cast<std::size_t>(received), received == 0};
    if (is_for_now(errno)) return {};
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
