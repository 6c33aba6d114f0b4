// SPDX-License-Identifier: Apache-2.0
#include "wake_up.hpp"

#include <utility>

namespace offlineimap::core {

void WakeUp::sync_now(std::string_view account)
{
    const std::lock_guard lock(mutex_);
    if (account.empty())
        ++asked_;
    else
        sleeper(std::string(account)).news.asked = true;
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

void WakeUp::disturb()
{
    const std::lock_guard lock(mutex_);
    ++disturbed_;
    changed_.notify_all();
}

void WakeUp::touch(const std::string& account, sync::Side side, const FolderPath& path)
{
    const std::lock_guard lock(mutex_);
    News& news = sleeper(account).news;
    if (path.empty())
        news.somewhere = true;
    else
        news.touched[side].insert(path);
    changed_.notify_all();
}

WakeUp::Sleeper& WakeUp::sleeper(const std::string& account)
{
    const auto [it, added] = sleepers_.try_emplace(account);
    if (added) it->second.disturbed = disturbed_;  // who begins now has new connections
    return it->second;
}

/// Takes over what concerns all accounts.
bool WakeUp::has_news(Sleeper& sleeper) const
{
    News& news = sleeper.news;
    news.leave = leaving_;
    if (std::exchange(sleeper.asked, asked_) != asked_) news.asked = true;
    if (std::exchange(sleeper.disturbed, disturbed_) != disturbed_) news.disturbed = true;
    return news.any();
}

News WakeUp::sleep(
    const std::string& account, Clock::time_point end, std::chrono::milliseconds gather)
{
    std::unique_lock lock(mutex_);
    Sleeper& me = sleeper(account);
    if (changed_.wait_until(lock, end, [&] { return has_news(me); }) && !me.news.is_urgent())
        changed_.wait_for(lock, gather, [&] { return has_news(me) && me.news.is_urgent(); });
    return std::exchange(me.news, {});
}

}  // namespace offlineimap::core
