// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <algorithm>
#include <vector>

namespace offlineimap::sync {

/// Which copies and removals of a plan were understood as something else; they go from the plan at
/// the end, so that indexes stay what they are until then.
class Taken {
public:
    explicit Taken(const Plan& plan) : copies_(plan.copies.size()), removals_(plan.removals.size())
    {
    }
    bool has_copy(std::size_t i) const { return copies_[i]; }
    bool has_removal(std::size_t i) const { return removals_[i]; }
    void take_copy(std::size_t i) { copies_[i] = true; }
    void take_removal(std::size_t i) { removals_[i] = true; }

    void leave_out_of(Plan& plan) const
    {
        renumber_arrivals(plan);
        leave_out(plan.copies, copies_);
        leave_out(plan.removals, removals_);
    }

private:
    template <class Items> static void leave_out(Items& items, const std::vector<bool>& taken)
    {
        std::size_t i = 0;
        std::erase_if(items, [&](const auto&) { return taken[i++]; });
    }
    void renumber_arrivals(Plan& plan) const
    {
        if (plan.arrivals.empty()) return;
        std::vector<std::size_t> place(copies_.size());
        std::size_t next = 0;
        for (std::size_t i = 0; i < copies_.size(); ++i)
            place[i] = copies_[i] ? 0 : next++;
        std::erase_if(plan.arrivals, [&](const Arrival& arrival) { return copies_[arrival.copy]; });
        for (Arrival& arrival : plan.arrivals)
            arrival.copy = place[arrival.copy];
    }

    std::vector<bool> copies_, removals_;
};

/// Whether a side can carry a message to another folder so that its new id is known.
inline bool can_follow(const SyncContext& context, Side on)
{
    const auto& abilities = context.abilities[on];
    return abilities.has(Capability::move)
        && (abilities.has(Capability::returns_ids) || abilities.has(Capability::takes_ids));
}

}  // namespace offlineimap::sync
