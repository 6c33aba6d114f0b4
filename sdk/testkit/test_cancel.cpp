// SPDX-License-Identifier: Apache-2.0
#include "test_cancel.hpp"

#include <cstdint>
#include <stdexcept>
#include <sys/eventfd.h>
#include <unistd.h>

namespace offlineimap::testkit {

TestCancel::TestCancel() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
    if (fd_ < 0) throw std::runtime_error("cannot make an event descriptor");
}

TestCancel::~TestCancel()
{
    ::close(fd_);
}

void TestCancel::request() noexcept
{
    requested_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(fd_, &one, sizeof one);
}

}  // namespace offlineimap::testkit
