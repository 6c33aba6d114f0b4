// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sessions.hpp"

#include <map>
#include <mutex>
#include <utility>

namespace offlineimap::sync {

/// Items of a batch that the other side does not want to be asked for just now. Thread-safe.
template <class Item> class PutOff {
public:
    void add(Item item, const Error& why)
    {
        const std::lock_guard lock(mutex_);
        items_.insert_or_assign(std::move(item), why);
    }
    std::map<Item, Error> take()
    {
        const std::lock_guard lock(mutex_);
        return std::exchange(items_, {});
    }
    /// Throws if there are any, so that they are asked for again.
    void check() const
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [item, why] : items_)
            if (!is_limit(why)) throw why;  // that is worth more patience
        if (!items_.empty()) throw items_.begin()->second;
    }

private:
    mutable std::mutex mutex_;
    std::map<Item, Error> items_;
};

/// The same for work that does all it can and puts off the rest: that is tried again after a pause.
/// What is refused each time goes to `give_up`; what the work throws goes to the caller. The work
/// begins with what is still to be done.
template <class Item>
void with_session(
    SessionPool& pool, PutOff<Item>& put_off, const std::function<void(Session&)>& work,
    const std::function<bool()>& progressed,
    const std::function<void(const Item&, const Error&)>& give_up)
{
    bool is_through = false;
    try {
        with_session(
            pool,
            [&](Session& session) {
                is_through = false;
                put_off.take();
                work(session);
                is_through = true;
                put_off.check();
            },
            progressed);
    } catch (const Error& error) {
        if (!is_through || !asks_for_patience(error)) throw;
        for (const auto& [item, why] : put_off.take())
            give_up(item, why);
    }
}

}  // namespace offlineimap::sync
