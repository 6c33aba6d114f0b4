// SPDX-License-Identifier: Apache-2.0
#include "account_rest.hpp"

#include "account_watch.hpp"

#include <algorithm>
#include <utility>

namespace offlineimap::core {

void AccountRest::changed_something()
{
    idle_looks_ = 0;
    expects_echo_ = true;
}

void AccountRest::looked_in_vain()
{
    constexpr std::chrono::minutes forgotten {5};
    if (std::exchange(expects_echo_, false)) return;
    const auto now = Clock::now();
    idle_looks_ = now - last_look_ > forgotten ? 0 : idle_looks_ + 1;
    last_look_ = now;
}

News AccountRest::sleep(AccountStores* stores, std::span<const sync::FolderPair> pairs)
{
    say_sleeping();
    if (stores == nullptr) return wake_up_.sleep(account_.name, next_refresh_, {});
    News news = sleep_watching(*stores, pairs);
    if (news.disturbed) stores->renew_sessions();
    return news;
}

News AccountRest::sleep_watching(AccountStores& stores, std::span<const sync::FolderPair> pairs)
{
    const Rest rest = stores.rest();
    const auto sessions = stores.sessions();
    if (!rest.hold_connections) sessions.right->close();
    AccountWatch watch(
        {account_.name, sessions, stores.listeners(), pairs,
         paths_of_idle_folders(pairs, rest.idle_folders, program_.bus)},
        wake_up_, program_.bus);
    News news = sleep_keeping_alive(*sessions.right, rest.keep_alive);
    if (news.disturbed) stores.give_up_sessions();
    return news;
}

News AccountRest::sleep_keeping_alive(sync::SessionPool& remote, std::chrono::seconds keep_alive)
{
    constexpr unsigned most_doublings = 8;
    constexpr std::chrono::milliseconds gather {300};
    const auto patience = gather * (1U << std::min(idle_looks_, most_doublings));
    for (;;) {
        auto end = next_refresh_;
        if (keep_alive.count() > 0) end = std::min(end, Clock::now() + keep_alive);
        News news = wake_up_.sleep(account_.name, end, patience);
        if (news.any() || Clock::now() >= next_refresh_) return news;
        remote.keep_alive();
    }
}

void AccountRest::say_sleeping() const
{
    const auto left = std::max(
        std::chrono::seconds(0),
        std::chrono::duration_cast<std::chrono::seconds>(next_refresh_ - Clock::now()));
    Event event;
    event.kind = EventKind::sleeping;
    event.account = account_.name;
    const std::string text = "Next refresh of " + account_.name + " in "
        + std::to_string((left.count() + 30) / 60) + " minutes";
    event.text = text;
    event.total = static_cast<std::uint64_t>(left.count());
    program_.bus.post(event);
}

}  // namespace offlineimap::core
