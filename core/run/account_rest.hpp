// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "account_stores.hpp"
#include "wake_up.hpp"

namespace offlineimap::core {

/// The time between two runs of an account: a sleep that ends with the next refresh, with something
/// that happens in a watched folder, or with a wish of the user.
class AccountRest {
public:
    using Clock = WakeUp::Clock;

    /// References outlive it.
    AccountRest(const Program& program, const AccountSettings& account, WakeUp& wake_up)
        : program_(program), account_(account), wake_up_(wake_up)
    {
    }

    /// A run over all folders has ended: the time to the next refresh begins.
    void refreshed() { next_refresh_ = Clock::now() + account_.autorefresh; }
    /// A run has changed something: of what it wrote itself it will be told, once.
    void changed_something();
    /// A run over touched folders had nothing to do. Where that happens again and again it is
    /// waited for longer and longer: a server or disk that always tells of news must not keep the
    /// program busy.
    void looked_in_vain();

    /// Sleeps. `stores` may be null, when they could not be made; `pairs` as the last run found
    /// them. Nothing in the news: the time of the refresh has come.
    News sleep(AccountStores* stores, std::span<const sync::FolderPair> pairs);

private:
    News sleep_watching(AccountStores& stores, std::span<const sync::FolderPair> pairs);
    News sleep_keeping_alive(sync::SessionPool& remote, std::chrono::seconds keep_alive);
    void say_sleeping() const;

    const Program& program_;
    const AccountSettings& account_;
    WakeUp& wake_up_;
    Clock::time_point next_refresh_ {};
    bool expects_echo_ = false;
    unsigned idle_looks_ = 0;
    Clock::time_point last_look_ {};
};

}  // namespace offlineimap::core
