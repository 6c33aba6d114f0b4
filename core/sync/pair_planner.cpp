// SPDX-License-Identifier: Apache-2.0
#include "pair_planner.hpp"

#include "run_words.hpp"

#include <utility>

namespace offlineimap::sync {

bool PairPlanner::plan(const Inquiry& inquiry, Both<Listing> listing, Plan& plan)
{
    take_over(inquiry, listing);
    FolderChanges changes;
    changes.pair = inquiry.pair;
    changes.known = known(inquiry.pair, listing);
    changes.left_takes_ids = context_.takes_ids(Side::left);
    changes.announced = context_.memory.marks_by_id(inquiry.pair);
    changes.listing = std::move(listing);
    if (may_hold_twins(changes)) lookup_.unknown.insert(inquiry.pair);
    const bool nothing_listed = changes.listing.left.void_ids || changes.listing.right.void_ids;
    if (context_.pairs[inquiry.pair].gone_on && !nothing_listed
        && Renumbered::has_new_ids(inquiry, changes.listing)) {
        changes.known.clear();
        forget_old_numbers(inquiry.pair);
    } else if (!renumbered_.has_valid_ids(inquiry, changes.listing)) {
        return false;
    }
    add(changes, plan);
    return true;
}

/// What the sides told of the folder itself. One that is not there is an empty one.
void PairPlanner::take_over(const Inquiry& inquiry, Both<Listing>& listing)
{
    FolderPair& pair = context_.pairs[inquiry.pair];
    for (const Side side : both_sides) {
        if (!listing[side].next_id.empty()) pair.folder[side].next_id = listing[side].next_id;
        if (!listing[side].epoch.empty()) pair.folder[side].epoch = listing[side].epoch;
        if (pair.fresh && !inquiry.ask[side]) {
            listing[side].kind = Listing::Kind::snapshot;
            listing[side].storable = storable_from_note({});
        }
        pair.storable[side] = listing[side].storable;
    }
}

std::vector<Known> PairPlanner::known(PairIndex index, const Both<Listing>& listing)
{
    const FolderPair& pair = context_.pairs[index];
    // In a dry run nobody has made the folder, and something may be kept under its name.
    if (rules_.dry_run && pair.fresh && !pair.gone_on) return {};
    if (mapped_ids_.is_stale(index)) return mapped_ids_.corrected(index);
    return context_.memory.concerned(
        index, listing, context_.takes_ids(Side::left) ? SameIds::yes : SameIds::no);
}

/// Of a folder that the other side lacks: contents alone tell what it held.
void PairPlanner::forget_old_numbers(PairIndex pair)
{
    lookup_.unsettled.insert(pair);
    const auto notes = context_.memory.take_void_ones(pair, other(*context_.pairs[pair].gone_on));
    if (!rules_.dry_run) context_.memory.put(notes);
}

/// Whether newcomers of both sides may be the same messages, although no record is missing.
bool PairPlanner::may_hold_twins(const FolderChanges& changes)
{
    if (changes.listing.left.changed.empty() || changes.listing.right.changed.empty()) return false;
    // Of a message that both sides carried here from a folder that is left out no record tells.
    if (rules_.reach == SyncRules::Reach::chosen_ones) return true;
    return changes.known.empty() && context_.memory.size(changes.pair) == 0;
}

void PairPlanner::plan_recovered(const FolderChanges& changes, Plan& plan)
{
    if (context_.pairs[changes.pair].is_replaced)
        return plan_folder(changes, context_.rules, context_.keywords, plan);
    lookup_.unsettled.insert(changes.pair);  // what was carried elsewhere has lost its record
    lookup_.parted[changes.pair] = changes.parted;
    add(changes, plan);
}

void PairPlanner::add(const FolderChanges& changes, Plan& plan)
{
    plan_folder(changes, context_.rules, context_.keywords, plan);
    say_refused(context_, plan);
    tokens_.seen(changes.pair, changes.listing);
}

}  // namespace offlineimap::sync
