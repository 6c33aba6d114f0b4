// SPDX-License-Identifier: Apache-2.0
#include "cancel.hpp"

#include "core/text/strings.hpp"

#include <cerrno>
#include <system_error>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace offlineimap::core {

namespace {

int checked(int result, const char* what)
{
    if (result >= 0) return result;
    throw Error(Errc::io, concat(what, ": ", std::generic_category().message(errno)));
}

void watch(int poll, int fd)
{
    epoll_event event = {};
    event.events = EPOLLIN;
    checked(::epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event), "watch for a cancel request");
}

}  // namespace

CancelSource::CancelSource()
    : fd_(checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "make a cancel request"))
{
}

CancelSource::~CancelSource()
{
    ::close(fd_);
}

void CancelSource::request() noexcept
{
    const int saved = errno;  // the code that a signal interrupted may be about to read it
    requested_.store(true);
    [[maybe_unused]] const auto written = ::eventfd_write(fd_, 1);
    errno = saved;
}

EitherCancel::EitherCancel(const Cancel& one, const Cancel& other)
    : one_(one)
    , other_(other)
    , fd_(checked(::epoll_create1(EPOLL_CLOEXEC), "make a cancel request"))
{
    try {
        watch(fd_, one.fd());
        watch(fd_, other.fd());
    } catch (...) {
        ::close(fd_);
        throw;
    }
}

EitherCancel::~EitherCancel()
{
    ::close(fd_);
}

}  // namespace offlineimap::core
