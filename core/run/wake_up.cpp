// SPDX-License-Identifier: Apache-2.0
#include "wake_up.hpp"

#include <algorithm>
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
    Sleeper& it = sleeper(account);
    ++it.touches;
    if (path.empty())
        it.news.somewhere = true;
    else
        it.news.touched[side].insert(path);
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

/// Waits for more of the same. Servers put together themselves what they push (Dovecot half a
/// second), so that silence after a single one means that there is no more; a mail reader or a
/// delivery that works through a folder takes its time.
void WakeUp::gather(
    std::unique_lock<std::mutex>& lock, Sleeper& sleeper, std::chrono::milliseconds longest)
{
    const auto end = Clock::now() + longest;
    for (bool more = true; more && !sleeper.news.is_urgent();) {
        const auto seen = sleeper.touches;
        const auto quiet = std::min(end, Clock::now() + longest / 3);
        more = changed_.wait_until(lock, sleeper.news.is_single_push() ? quiet : end, [&] {
            return has_news(sleeper) && (sleeper.news.is_urgent() || sleeper.touches != seen);
        });
    }
}

News WakeUp::sleep(
    const std::string& account, Clock::time_point end, std::chrono::milliseconds gather_for)
{
    std::unique_lock lock(mutex_);
    Sleeper& me = sleeper(account);
    if (changed_.wait_until(lock, end, [&] { return has_news(me); })) gather(lock, me, gather_for);
    return std::exchange(me.news, {});
}

}  // namespace offlineimap::core
