// SPDX-License-Identifier: Apache-2.0
#include "twins.hpp"

#include "claims.hpp"
#include "content.hpp"
#include "hidden.hpp"
#include "moves.hpp"
#include "taken.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

namespace offlineimap::sync {
namespace {

/// A newcomer of one side, and what speaks for its being known.
struct Newcomer {
    std::size_t copy = 0;  ///< index into Plan::copies
    Suspect content;
    bool taken = false;
};

std::string content(const Newcomer& newcomer)
{
    return newcomer.content.size + ' ' + newcomer.content.digest;
}

/// The ids of a message that only one side knows: no record of another one must match them.
Both<MessageId> unrecorded(Side side, const MessageId& id)
{
    Both<MessageId> out;
    out[side] = id;
    return out;
}

class TwinFinder {
public:
    TwinFinder(SyncContext& context, const Lookup& lookup, Plan& plan)
        : context_(context), lookup_(lookup), plan_(plan), taken_(plan)
    {
    }

    // The more there is to say for it, the earlier: each of several finds the one that it is.
    void run_within_pairs()
    {
        settle_claims();
        collect();
        if (compare(Scan::same_pair))
            join_where([this](const auto& l, const auto& r) { return is_same_place(l, r); });
        taken_.leave_out_of(plan_);
    }
    void run_across_pairs()
    {
        settle_claims();
        trace_origins();
        collect();
        const bool carried =
            !lookup_.unsettled.empty() || !orphans_.empty() || !origin_targets_.empty();
        if (carried && compare(Scan::whole_account)) {
            join_where([this](const auto& l, const auto& r) { return is_origin(l, r); });
            join_where([this](const auto& l, const auto& r) { return was_carried(l, r); });
        }
        put_off_what_may_be_elsewhere();
        taken_.leave_out_of(plan_);
    }

private:
    const Copy& copy(const Newcomer& newcomer) const { return plan_.copies[newcomer.copy]; }
    void settle_claims();
    void trace_origins();
    void collect();
    bool is_suspect(std::size_t index) const;
    bool compare(Scan scan);
    template <class Allowed> void join_where(Allowed allowed);
    void put_off_what_may_be_elsewhere();
    bool is_same_place(const Newcomer& left, const Newcomer& right) const;
    bool is_origin(const Newcomer& left, const Newcomer& right) const;
    bool was_carried(const Newcomer& left, const Newcomer& right) const;
    const Marks* parted(const Copy& copy) const;
    Side follower(const Copy& left, const Copy& right) const;
    bool join(Newcomer& left, Newcomer& right);
    bool join_carried(const Copy& left, const Copy& right);
    bool give_up_place(const Copy& follows, std::size_t stays, const Marks& before);
    Marks marks_before(const Copy& left, const Copy& right) const;
    std::vector<MessageId> lost_originals(PairIndex pair, Side to) const;

    SyncContext& context_;
    const Lookup& lookup_;
    Plan& plan_;
    Taken taken_;
    std::set<std::size_t> orphans_;  ///< copies of messages under an id that the other side lacks
    std::map<std::size_t, std::size_t> origins_;  ///< from copies to the right to those to the left
    std::set<std::size_t> origin_targets_;
    Both<std::vector<Newcomer>> newcomers_;
};

/// A message without a record under an id that the right side gave: it was copied, and the run
/// ended before it was recorded. Those that the right side has still are twins; the others are
/// orphans.
void TwinFinder::settle_claims()
{
    if (!context_.takes_ids(Side::left)) return;
    std::vector<std::size_t> claims;
    for (std::size_t i = 0; i < plan_.copies.size(); ++i) {
        const Copy& copy = plan_.copies[i];
        if (copy.to != Side::right || copy.id.value.starts_with('.')) continue;
        if (context_.has_folder(copy.pair, Side::right))
            claims.push_back(i);
        else
            orphans_.insert(i);
    }
    std::vector<MessageRef> refs;
    refs.reserve(claims.size());
    for (const std::size_t i : claims)
        refs.push_back({context_.folder(plan_.copies[i].pair, Side::right), plan_.copies[i].id});
    const auto found = look_up_claims(context_, refs);
    for (std::size_t i = 0; i < claims.size(); ++i) {
        const Copy& copy = plan_.copies[claims[i]];
        if (found[i].unknown) {  // to send it would perhaps double it
            context_.report.failed(copy.pair, *found[i].unknown);
            taken_.take_copy(claims[i]);
        } else if (found[i].marks) {
            const auto bases = context_.memory.marks_by_id(copy.pair);
            const auto base = bases.find(copy.id);
            plan_.twins.push_back(
                {copy.pair,
                 {copy.id, copy.id},
                 {copy.marks, *found[i].marks},
                 base == bases.end() ? Marks {} : base->second,
                 {}});
            taken_.take_copy(claims[i]);
        } else {
            orphans_.insert(claims[i]);
        }
    }
}

/// A message that was stored on the left under the right side's id and carried to another folder
/// before that was recorded: the right side still has it where it was.
void TwinFinder::trace_origins()
{
    if (plan_.arrivals.empty()) return;
    std::map<std::pair<FolderIndex, MessageId>, std::size_t> arriving;
    for (std::size_t i = 0; i < plan_.copies.size(); ++i) {
        const Copy& copy = plan_.copies[i];
        if (copy.to == Side::left && context_.has_folder(copy.pair, Side::left))
            arriving[{context_.folder(copy.pair, Side::left), copy.id}] = i;
    }
    for (const Arrival& arrival : plan_.arrivals) {
        if (plan_.copies[arrival.copy].to != Side::right || taken_.has_copy(arrival.copy)) continue;
        const auto it = arriving.find({arrival.origin.folder, arrival.origin.id});
        if (it == arriving.end()) continue;
        origins_[arrival.copy] = it->second;
        origin_targets_.insert(it->second);
    }
}

bool TwinFinder::is_suspect(std::size_t index) const
{
    if (!lookup_.unsettled.empty() || orphans_.contains(index)) return true;
    const Copy& copy = plan_.copies[index];
    // The same move, made on both sides, leaves nothing behind but newcomers.
    if (lookup_.unknown.contains(copy.pair) || !plan_.forgotten.empty()) return true;
    if (copy.to == Side::right) return origins_.contains(index);
    return origin_targets_.contains(index) || !orphans_.empty();
}

void TwinFinder::collect()
{
    for (std::size_t i = 0; i < plan_.copies.size(); ++i) {
        if (taken_.has_copy(i) || !is_suspect(i)) continue;
        const Copy& copy = plan_.copies[i];
        newcomers_[other(copy.to)].push_back(
            {i, suspect(context_, copy.pair, copy.id, copy.marks)});
    }
}

/// False when there is nothing to compare.
bool TwinFinder::compare(Scan scan)
{
    if (newcomers_.left.empty() || newcomers_.right.empty()) return false;
    Both<std::vector<Suspect>> suspects;
    for (const Side side : both_sides)
        for (const Newcomer& newcomer : newcomers_[side])
            suspects[side].push_back(newcomer.content);
    compare_content(
        context_, suspects, lookup_.unsettled.empty() ? Proof::likely : Proof::certain, scan);
    for (const Side side : both_sides) {
        plan_.unseen[side] |= has_vanished(suspects[side]);
        for (std::size_t i = 0; i < suspects[side].size(); ++i) {
            Newcomer& newcomer = newcomers_[side][i];
            newcomer.content = std::move(suspects[side][i]);
            plan_.copies[newcomer.copy].size = newcomer.content.told_size;
            // What cannot be compared now is not copied now: it may be there already.
            if (newcomer.content.unreadable) {
                taken_.take_copy(newcomer.copy);
                plan_.unread[side][newcomer.content.told_size].insert(copy(newcomer).pair);
            }
            if (newcomer.content.size.empty()) newcomer.taken = true;
        }
    }
    return true;
}

template <class Allowed> void TwinFinder::join_where(Allowed allowed)
{
    std::unordered_map<std::string, std::vector<Newcomer*>> right;
    for (Newcomer& newcomer : newcomers_.right)
        if (!newcomer.taken) right[content(newcomer)].push_back(&newcomer);
    for (Newcomer& left : newcomers_.left) {
        if (left.taken) continue;
        const auto group = right.find(content(left));
        if (group == right.end()) continue;
        const auto twin =
            std::find_if(group->second.begin(), group->second.end(), [&](const Newcomer* r) {
                return !r->taken && allowed(left, *r);
            });
        if (twin != group->second.end() && join(left, **twin)) group->second.erase(twin);
    }
}

/// What lies where nobody can look now may be what was stored, or carried away, before a run ended.
void TwinFinder::put_off_what_may_be_elsewhere()
{
    for (std::size_t i = 0; i < plan_.copies.size(); ++i) {
        const Copy& copy = plan_.copies[i];
        const bool is_orphan = orphans_.contains(i);
        const bool waits =
            (plan_.is_hidden && is_orphan) || may_be_unread(lookup_, plan_, copy, is_orphan);
        if (taken_.has_copy(i) || !waits) continue;
        taken_.take_copy(i);
        plan_.awaiting[copy.to].insert(copy.pair);
    }
}

bool TwinFinder::is_same_place(const Newcomer& left, const Newcomer& right) const
{
    const PairIndex pair = copy(left).pair;
    return pair == copy(right).pair
        && (may_be_known(lookup_, plan_, pair) || orphans_.contains(left.copy));
}

bool TwinFinder::is_origin(const Newcomer& left, const Newcomer& right) const
{
    const auto it = origins_.find(left.copy);
    return it != origins_.end() && it->second == right.copy;
}

/// One of the two is where its storing was not seen to end. Else they are two messages.
bool TwinFinder::was_carried(const Newcomer& left, const Newcomer& right) const
{
    return copy(left).pair != copy(right).pair
        && (orphans_.contains(left.copy) || lookup_.unsettled.contains(copy(left).pair)
            || lookup_.unsettled.contains(copy(right).pair));
}

/// The marks of a message that both sides had here; its partner was carried away. Or nullptr.
const Marks* TwinFinder::parted(const Copy& copy) const
{
    const auto pair = lookup_.parted.find(copy.pair);
    if (pair == lookup_.parted.end()) return nullptr;
    const Parted& messages = pair->second[other(copy.to)];
    const auto it = messages.find(copy.id);
    return it == messages.end() ? nullptr : &it->second;
}

/// The side whose message is where the run that was not seen to end left it: the other one was
/// carried, and it follows.
Side TwinFinder::follower(const Copy& left, const Copy& right) const
{
    // Nobody follows to a folder that is gone, unless both would.
    const Both<bool> lacks_place {
        context_.is_gone(right.pair, Side::left), context_.is_gone(left.pair, Side::right)};
    if (lacks_place.left != lacks_place.right) return lacks_place.left ? Side::right : Side::left;
    if (parted(left)) return Side::left;
    if (parted(right)) return Side::right;
    const Memory& memory = context_.memory;
    if (memory.is_announced(right.pair, Side::left, right.id)) return Side::right;
    if (memory.is_announced(left.pair, Side::right, left.id)) return Side::left;
    if (context_.takes_ids(Side::left) && !left.id.value.starts_with('.')) return Side::left;
    const Both<bool> orphaned {
        !lost_originals(left.pair, Side::left).empty(),
        !lost_originals(right.pair, Side::right).empty()};
    if (orphaned.left != orphaned.right) return orphaned.left ? Side::left : Side::right;
    return lookup_.unsettled.contains(right.pair) ? Side::right : Side::left;
}

/// Messages that were to be copied to that side, and are no longer where they came from.
std::vector<MessageId> TwinFinder::lost_originals(PairIndex pair, Side to) const
{
    auto announced = context_.memory.announced(pair, to);
    std::erase_if(announced, [&](const MessageId& id) {
        return std::any_of(plan_.copies.begin(), plan_.copies.end(), [&](const Copy& copy) {
            return copy.pair == pair && copy.to == to && copy.id == id;
        });
    });
    return announced;
}

/// What a message had when both sides were last known to agree on it, where an announcement tells.
Marks TwinFinder::marks_before(const Copy& left, const Copy& right) const
{
    for (const Copy* copy : {&left, &right})
        if (const Marks* const recorded = parted(*copy)) return *recorded;
    const Memory& memory = context_.memory;
    const auto by_id = memory.marks_by_id(right.pair);
    if (const auto it = by_id.find(right.id); it != by_id.end()) return it->second;
    if (memory.is_announced(left.pair, Side::right, left.id))
        return memory.announced_marks(left.pair, Side::right, left.id);
    // An id that the left side made up goes along wherever the message is carried.
    if (context_.takes_ids(Side::left) && memory.is_announced(right.pair, Side::right, left.id))
        return memory.announced_marks(right.pair, Side::right, left.id);
    // Of one whose record went with the old numbers of a folder nothing was announced.
    if (context_.has_new_numbers_anywhere()) return {};
    // One of the two was carried on, and its id says nothing any more: what all had that may be it.
    std::optional<Marks> shared;
    for (const auto& [pair, to] : {std::pair(right.pair, Side::right), {left.pair, Side::left}}) {
        if (memory.is_announced(pair, to, {})) return {};  // any message: nobody knows what it had
        for (const MessageId& id : lost_originals(pair, to)) {
            const Marks marks = memory.announced_marks(pair, to, id);
            shared = shared ? both_have(context_.keywords, *shared, marks) : marks;
        }
    }
    return shared.value_or(Marks {});
}

bool TwinFinder::join(Newcomer& left_one, Newcomer& right_one)
{
    const Copy &left = copy(left_one), &right = copy(right_one);
    if (left.pair == right.pair) {
        plan_.twins.push_back(
            {left.pair,
             {left.id, right.id},
             {left.marks, right.marks},
             marks_before(left, right),
             {}});
        taken_.take_copy(left_one.copy);
        taken_.take_copy(right_one.copy);
    } else if (join_carried(left, right)) {
        taken_.take_copy(left_one.copy);
        taken_.take_copy(right_one.copy);
    } else {
        const Side on = follower(left, right);
        const bool by_right = on == Side::right;
        if (!give_up_place(
                by_right ? right : left, by_right ? left_one.copy : right_one.copy,
                marks_before(left, right)))
            return false;
        taken_.take_copy(by_right ? right_one.copy : left_one.copy);
    }
    left_one.taken = right_one.taken = true;
    return true;
}

bool TwinFinder::join_carried(const Copy& left, const Copy& right)
{
    const Side on = follower(left, right);
    if (!can_follow(context_, on)) return false;
    const Copy &stays = on == Side::right ? left : right,
               &follows = on == Side::right ? right : left;
    plan_.transfers.push_back(
        {follows.pair, stays.pair, on, unrecorded(on, follows.id), stays.id,
         marks_before(left, right), stays.marks, follows.marks});
    return true;
}

/// A side that cannot move: its message goes before the copy comes, so that a run that ends between
/// the two leaves one message, on the other side, which is copied as any other.
bool TwinFinder::give_up_place(const Copy& follows, std::size_t stays, const Marks& before)
{
    const Side on = other(follows.to);
    if (context_.rules[on].readonly) return false;
    carry_marks(context_, plan_, stays, before, follows.marks);
    plan_.superseded.push_back(
        {follows.pair, on, unrecorded(on, follows.id), follows.marks, follows.marks, false});
    return true;
}

}  // namespace

void find_twins(SyncContext& context, const Lookup& lookup, Plan& plan)
{
    if (!plan.copies.empty()) TwinFinder(context, lookup, plan).run_within_pairs();
}

void find_carried(SyncContext& context, const Lookup& lookup, Plan& plan)
{
    if (!plan.copies.empty()) TwinFinder(context, lookup, plan).run_across_pairs();
    plan.arrivals.clear();
}

}  // namespace offlineimap::sync
