// SPDX-License-Identifier: Apache-2.0
#include "stop_request.hpp"

namespace offlineimap::core {

void StopRequest::request_soon() noexcept
{
    const std::lock_guard lock(mutex_);
    soon_.request();
    if (holds_ == 0) now_.request();
}

void StopRequest::request_now() noexcept
{
    soon_.request();
    now_.request();
}

void StopRequest::hold() noexcept
{
    const std::lock_guard lock(mutex_);
    ++holds_;
}

void StopRequest::release() noexcept
{
    const std::lock_guard lock(mutex_);
    if (--holds_ == 0 && soon_.requested()) now_.request();
}

}  // namespace offlineimap::core
