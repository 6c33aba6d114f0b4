// SPDX-License-Identifier: Apache-2.0
#include "wake_up.hpp"

namespace offlineimap::core {

void WakeUp::sync_now()
{
    const std::lock_guard lock(mutex_);
    ++calls_;
    changed_.notify_all();
}

void WakeUp::leave()
{
    const std::lock_guard lock(mutex_);
    leaving_ = true;
    changed_.notify_all();
}

bool WakeUp::is_leaving() const
{
    const std::lock_guard lock(mutex_);
    return leaving_;
}

WakeUp::Reason WakeUp::sleep(std::chrono::seconds time, std::uint64_t& seen)
{
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [&] { return leaving_ || calls_ != seen; });
    if (leaving_) return Reason::leave;
    if (calls_ == seen) return Reason::time_is_up;
    seen = calls_;
    return Reason::sync_now;
}

}  // namespace offlineimap::core
