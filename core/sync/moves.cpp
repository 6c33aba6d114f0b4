// SPDX-License-Identifier: Apache-2.0
#include "moves.hpp"

#include "content.hpp"
#include "taken.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace offlineimap::sync {
namespace {

class MoveFinder {
public:
    MoveFinder(SyncContext& context, Plan& plan) : context_(context), plan_(plan), taken_(plan) { }

    void run()
    {
        for (const auto place : {Place::there, Place::to_be_made}) {
            by_origin(place);
            for (const Side on : both_sides)
                by_content(on, place);
        }
        taken_.leave_out_of(plan_);
    }

private:
    /// Where a message was carried to: a folder that the other side lacks is made again later, or
    /// it is no longer kept equal.
    enum class Place : std::uint8_t { there, to_be_made, nowhere };

    void by_origin(Place place)
    {
        if (plan_.arrivals.empty()) return;
        std::map<std::pair<FolderIndex, MessageId>, std::size_t> lost;
        for (std::size_t i = 0; i < plan_.removals.size(); ++i) {
            const Removal& removal = plan_.removals[i];
            const Side mover = other(removal.from);
            // The names of files may tell of its old numbers.
            if (context_.pairs[removal.pair].was_renumbering) continue;
            if (!context_.is_gone(removal.pair, mover))
                lost[{context_.folder(removal.pair, mover), removal.id[mover]}] = i;
        }
        for (const Arrival& arrival : plan_.arrivals) {
            const auto it = lost.find({arrival.origin.folder, arrival.origin.id});
            if (it == lost.end() || taken_.has_removal(it->second)) continue;
            if (place_of(plan_.copies[arrival.copy]) != place) continue;
            if (plan_.copies[arrival.copy].to == plan_.removals[it->second].from)
                join(arrival.copy, it->second);
        }
    }

    void by_content(Side on, Place place)
    {
        constexpr std::size_t most = 5000;  // beyond that asking costs more than copying
        Both<std::vector<Suspect>> suspects;
        std::vector<std::size_t> copies, removals;
        for (std::size_t i = 0; i < plan_.copies.size(); ++i) {
            const Copy& copy = plan_.copies[i];
            if (copy.to != on || taken_.has_copy(i) || place_of(copy) != place) continue;
            suspects[other(on)].push_back(suspect(context_, copy.pair, copy.id, copy.marks));
            copies.push_back(i);
        }
        for (std::size_t i = 0; i < plan_.removals.size(); ++i) {
            const Removal& removal = plan_.removals[i];
            if (removal.from != on || taken_.has_removal(i) || removal.awaits_folder) continue;
            suspects[on].push_back(suspect(context_, removal.pair, removal.id[on], removal.now));
            removals.push_back(i);
        }
        if (copies.empty() || removals.empty()) return;
        // But for a whole folder that is elsewhere now: its messages would be there twice.
        if ((copies.size() > most || removals.size() > most) && !lacks_folder(other(on))) return;
        compare_content(context_, suspects, Proof::likely, Scan::whole_account);
        plan_.unseen[on] |= has_vanished(suspects[on]);
        for (const ContentMatch& match : match_compared(suspects, Scan::whole_account))
            if (on == Side::right)
                join(copies[match.left], removals[match.right]);
            else
                join(copies[match.right], removals[match.left]);
        keep_what_may_be_unread(suspects, on, removals);
        remember_left_behind(suspects, on, copies);
    }

    /// What was carried to where nobody can read it now is not removed where everybody can.
    void keep_what_may_be_unread(
        const Both<std::vector<Suspect>>& suspects, Side on,
        const std::vector<std::size_t>& removals)
    {
        std::set<std::uint64_t> sizes;
        for (const Suspect& suspect : suspects[other(on)])
            if (suspect.unreadable && suspect.told_size != 0) sizes.insert(suspect.told_size);
        for (std::size_t i = 0; i < removals.size(); ++i) {
            const Removal& removal = plan_.removals[removals[i]];
            const bool is_joined =
                taken_.has_removal(removals[i]) || removal.carried || removal.awaits_folder;
            if (is_joined || !sizes.contains(suspects[on][i].told_size)) continue;
            taken_.take_removal(removals[i]);
            context_.report.hold_back(removal.pair);
        }
    }

    /// What nobody can read now in a folder that is gone on the other side may be what came there
    /// under another name.
    void remember_left_behind(
        const Both<std::vector<Suspect>>& suspects, Side on, const std::vector<std::size_t>& copies)
    {
        for (std::size_t i = 0; i < copies.size(); ++i)
            plan_.copies[copies[i]].size = suspects[other(on)][i].told_size;
        for (const Suspect& suspect : suspects[on])
            if (suspect.unreadable && context_.is_gone(suspect.pair, other(on)))
                plan_.left_behind[on].insert(suspect.told_size);
    }

    Place place_of(const Copy& copy) const
    {
        if (!context_.is_gone(copy.pair, copy.to)) return Place::there;
        return context_.pairs[copy.pair].may_be_made ? Place::to_be_made : Place::nowhere;
    }
    bool lacks_folder(Side side) const
    {
        return std::any_of(
            context_.pairs.begin(), context_.pairs.end(),
            [&](const FolderPair& pair) { return pair.gone_on == side; });
    }

    void join(std::size_t copy_index, std::size_t removal_index)
    {
        const Copy& copy = plan_.copies[copy_index];
        const Removal& removal = plan_.removals[removal_index];
        if (place_of(copy) == Place::to_be_made) {
            plan_.removals[removal_index].awaits_folder = true;
            return;
        }
        if (copy.pair == removal.pair) {
            join_renumbered(copy, removal);
        } else {
            if (!can_follow(context_, copy.to)) return carry_over(copy_index, removal_index);
            plan_.transfers.push_back(
                {removal.pair, copy.pair, copy.to, removal.id, copy.id, removal.marks, copy.marks,
                 removal.now});
        }
        taken_.take_copy(copy_index);
        taken_.take_removal(removal_index);
    }

    /// A copy and a removal, as they are.
    void carry_over(std::size_t copy_index, std::size_t removal_index)
    {
        Removal& removal = plan_.removals[removal_index];
        removal.carried = true;
        carry_marks(context_, plan_, copy_index, removal.marks, removal.now);
    }

    /// It has another id in the same folder: a file that a mail reader gave another name, or a
    /// message that went away and came back.
    void join_renumbered(const Copy& copy, const Removal& removal)
    {
        const Side mover = other(copy.to);
        Twin twin {copy.pair, removal.id, {removal.now, removal.now}, removal.marks, {}};
        twin.id[mover] = copy.id;
        twin.marks[mover] = copy.marks;
        if (mover == Side::right) twin.forgotten = removal.id.right;
        plan_.twins.push_back(std::move(twin));
    }

    SyncContext& context_;
    Plan& plan_;
    Taken taken_;
};

}  // namespace

void carry_marks(
    SyncContext& context, Plan& plan, std::size_t index, const Marks& base, const Marks& there)
{
    Copy& copy = plan.copies[index];
    const Side from = other(copy.to);
    Both<Marks> now {there, there};
    now[from] = copy.marks;
    auto merged = merge(context.keywords, base, now, context.pairs[copy.pair].storable);
    merged.change[copy.to] = {};  // it comes with them
    copy.marks = merged.marks;
    if (!merged.change[from].empty())
        plan.preludes.push_back(
            {copy.pair, {copy.id, copy.id}, merged.marks, std::move(merged.change)});
}

void find_moves(SyncContext& context, Plan& plan)
{
    if (!plan.copies.empty() && !plan.removals.empty()) MoveFinder(context, plan).run();
}

}  // namespace offlineimap::sync
