// SPDX-License-Identifier: Apache-2.0
#include "moves.hpp"

#include "content.hpp"

#include <algorithm>
#include <map>

namespace offlineimap::core {
namespace {

/// Copies and removals that were put together go from the plan at the end.
class Taken {
public:
    explicit Taken(const Plan& plan) : copies_(plan.copies.size()), removals_(plan.removals.size())
    {
    }
    bool has_copy(std::size_t i) const { return copies_[i]; }
    bool has_removal(std::size_t i) const { return removals_[i]; }
    void take(std::size_t copy, std::size_t removal) { copies_[copy] = removals_[removal] = true; }
    void take_copies(std::size_t a, std::size_t b) { copies_[a] = copies_[b] = true; }

    void leave_out_of(Plan& plan) const
    {
        leave_out(plan.copies, copies_);
        leave_out(plan.removals, removals_);
        plan.arrivals.clear();  // their indexes count into the copies as they were
    }

private:
    template <class Items> static void leave_out(Items& items, const std::vector<bool>& taken)
    {
        std::size_t i = 0;
        std::erase_if(items, [&](const auto&) { return taken[i++]; });
    }
    std::vector<bool> copies_, removals_;
};

class MoveFinder {
public:
    MoveFinder(SyncContext& context, Plan& plan) : context_(context), plan_(plan), taken_(plan) { }

    void run()
    {
        by_origin();
        for (const Side on : both_sides)
            by_content(on);
        taken_.leave_out_of(plan_);
    }

private:
    bool can_follow(Side on) const
    {
        const auto& abilities = context_.abilities[on];
        return abilities.has(Capability::move)
            && (abilities.has(Capability::returns_ids) || abilities.has(Capability::takes_ids));
    }

    void by_origin()
    {
        if (plan_.arrivals.empty()) return;
        std::map<std::pair<FolderIndex, MessageId>, std::size_t> lost;
        for (std::size_t i = 0; i < plan_.removals.size(); ++i) {
            const Removal& removal = plan_.removals[i];
            const Side mover = other(removal.from);
            lost[{context_.folder(removal.pair, mover), removal.id[mover]}] = i;
        }
        for (const Arrival& arrival : plan_.arrivals) {
            const auto it = lost.find({arrival.origin.folder, arrival.origin.id});
            if (it == lost.end() || taken_.has_removal(it->second)) continue;
            if (plan_.copies[arrival.copy].to == plan_.removals[it->second].from)
                join(arrival.copy, it->second);
        }
    }

    void by_content(Side on)
    {
        constexpr std::size_t most = 5000;  // beyond that asking costs more than copying
        Both<std::vector<Suspect>> suspects;
        std::vector<std::size_t> copies, removals;
        for (std::size_t i = 0; i < plan_.copies.size(); ++i) {
            const Copy& copy = plan_.copies[i];
            if (copy.to != on || taken_.has_copy(i)) continue;
            suspects[other(on)].push_back({copy.pair, copy.id, {}, {}});
            copies.push_back(i);
        }
        for (std::size_t i = 0; i < plan_.removals.size(); ++i) {
            const Removal& removal = plan_.removals[i];
            if (removal.from != on || taken_.has_removal(i)) continue;
            suspects[on].push_back({removal.pair, removal.id[on], {}, {}});
            removals.push_back(i);
        }
        if (copies.empty() || removals.empty() || copies.size() > most || removals.size() > most)
            return;
        const auto matches = match_content(
            context_, std::move(suspects.left), std::move(suspects.right), Part::header,
            Scan::whole_account);
        for (const ContentMatch& match : matches)
            if (on == Side::right)
                join(copies[match.left], removals[match.right]);
            else
                join(copies[match.right], removals[match.left]);
    }

    void join(std::size_t copy_index, std::size_t removal_index)
    {
        const Copy& copy = plan_.copies[copy_index];
        const Removal& removal = plan_.removals[removal_index];
        if (copy.pair == removal.pair) {
            if (!join_renamed(copy, removal)) return;
        } else {
            if (!can_follow(copy.to)) return;
            plan_.transfers.push_back(
                {removal.pair, copy.pair, copy.to, removal.id, copy.id, removal.marks, copy.marks});
        }
        taken_.take(copy_index, removal_index);
    }

    /// A file that a mail reader gave another name: it only needs its id again.
    bool join_renamed(const Copy& copy, const Removal& removal)
    {
        if (copy.to != Side::right || !context_.takes_ids(Side::left)) return false;
        plan_.twins.push_back(
            {copy.pair, {copy.id, removal.id.right}, {copy.marks, removal.marks}, removal.marks});
        return true;
    }

    SyncContext& context_;
    Plan& plan_;
    Taken taken_;
};

}  // namespace

void find_moves(SyncContext& context, Plan& plan)
{
    if (plan.copies.empty() || plan.removals.empty())
        plan.arrivals.clear();
    else
        MoveFinder(context, plan).run();
}

void find_twins(SyncContext& context, const std::set<PairIndex>& pairs, Plan& plan)
{
    if (pairs.empty()) return;
    Both<std::vector<Suspect>> suspects;
    Both<std::vector<std::size_t>> copies;
    for (std::size_t i = 0; i < plan.copies.size(); ++i) {
        const Copy& copy = plan.copies[i];
        if (!pairs.contains(copy.pair)) continue;
        suspects[other(copy.to)].push_back({copy.pair, copy.id, {}, {}});
        copies[other(copy.to)].push_back(i);
    }
    const auto matches = match_content(
        context, std::move(suspects.left), std::move(suspects.right), Part::whole, Scan::same_pair);
    Taken taken(plan);
    for (const ContentMatch& match : matches) {
        const std::size_t left = copies.left[match.left], right = copies.right[match.right];
        const Copy &from_left = plan.copies[left], &from_right = plan.copies[right];
        plan.twins.push_back(
            {from_left.pair,
             {from_left.id, from_right.id},
             {from_left.marks, from_right.marks},
             {}});
        taken.take_copies(left, right);
    }
    if (!matches.empty()) taken.leave_out_of(plan);
}

}  // namespace offlineimap::core
