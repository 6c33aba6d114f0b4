// SPDX-License-Identifier: Apache-2.0
#include "renumbered.hpp"

#include <algorithm>
#include <utility>

namespace offlineimap::sync {

Renumbered::Renumbered(SyncContext& context, const SyncRules& rules)
    : context_(context)
    , rehearsal_(rules.dry_run ? Rehearsal::yes : Rehearsal::no)
    , validity_ {
          FolderValidity(rules.state.left, rules.flush),
          FolderValidity(rules.state.right, rules.flush)}
{
}

Both<std::string> Renumbered::kept_epochs(PairIndex pair, const Both<bool>& sides) const
{
    Both<std::string> epochs;
    for (const Side side : both_sides)
        if (sides[side])
            epochs[side] = validity_[side].load(context_.pairs[pair].folder[side].name);
    return epochs;
}

bool Renumbered::has_new_ids(const Inquiry& inquiry, const Both<Listing>& listing)
{
    return std::any_of(std::begin(both_sides), std::end(both_sides), [&](Side side) {
        return inquiry.ask[side] && !inquiry.epoch[side].empty()
            && inquiry.epoch[side] != listing[side].epoch;
    });
}

/// Ids of which nobody kept the epoch may be those of other messages: of an earlier folder of that
/// name, of another account.
bool Renumbered::are_unproven(Side side, const Inquiry& inquiry, const Both<Listing>& listing) const
{
    const bool are_shared = context_.takes_ids(Side::left);
    if (are_shared && side == Side::left) return false;  // they are the right side's
    if (!inquiry.ask[side] || !inquiry.epoch[side].empty() || listing[side].epoch.empty())
        return false;
    return context_.memory.size(inquiry.pair) != 0 || (are_shared && share_ids(listing));
}

/// Ids mean nothing in another epoch: such a folder is looked at as a whole, by content.
bool Renumbered::has_valid_ids(const Inquiry& inquiry, const Both<Listing>& listing)
{
    const PairIndex pair = inquiry.pair;
    if (listing.left.void_ids || listing.right.void_ids) {
        renumbered_[pair] = {listing.left.void_ids, listing.right.void_ids};
        return false;
    }
    Both<bool> renumbered;
    for (const Side side : both_sides) {
        const std::string& now = listing[side].epoch;
        renumbered[side] = inquiry.ask[side] && !now.empty() && now != inquiry.epoch[side]
            && !inquiry.epoch[side].empty();
    }
    // Records are not opened without need: a run that finds nothing new shall open none.
    const auto has_void_ids = [&] {
        return context_.memory.size(pair) != 0 || context_.takes_ids(Side::left);
    };
    if ((renumbered.left || renumbered.right) && has_void_ids()) {
        for (const Side side : both_sides)  // of a folder that this run made that is no news
            if (renumbered[side] && context_.pairs[pair].fresh != side)
                context_.report.say_new_epoch(
                    side, context_.pairs[pair].folder[side].name, inquiry.epoch[side],
                    listing[side].epoch);
        renumbered_[pair] = renumbered;
        return false;
    }
    for (const Side side : both_sides)
        renumbered[side] = renumbered[side] || are_unproven(side, inquiry, listing);
    if (renumbered.left || renumbered.right) {
        context_.pairs[pair].lost_epoch = true;
        renumbered_[pair] = renumbered;
        return false;
    }
    if (listing.left.epoch != inquiry.epoch.left || listing.right.epoch != inquiry.epoch.right)
        keep_validity(pair, listing);
    return true;
}

void Renumbered::keep_validity(PairIndex pair, const Both<Listing>& listing)
{
    if (rehearsal_ == Rehearsal::yes) return;
    for (const Side side : both_sides)
        if (!listing[side].epoch.empty())
            validity_[side].keep(context_.pairs[pair].folder[side].name, listing[side].epoch);
}

void Renumbered::recover(const Planner& recovered)
{
    const auto renumbered = std::exchange(renumbered_, {});
    if (renumbered.empty()) return;
    std::vector<Inquiry> inquiries;
    for (const auto& [pair, sides] : renumbered) {
        for (const Side side : both_sides)
            context_.pairs[pair].kept[side].token = context_.pairs[pair].kept[side].quick_token =
                "";
        inquiries.push_back(
            {pair,
             {context_.has_folder(pair, Side::left), context_.has_folder(pair, Side::right)},
             {}});
    }
    std::vector<std::pair<PairIndex, Both<Listing>>> told;
    gather(context_, inquiries, [&](const Inquiry& inquiry, Both<Listing> listing) {
        for (const Side side : both_sides)  // one that is not there is empty
            if (!inquiry.ask[side]) listing[side].kind = Listing::Kind::snapshot;
        told.emplace_back(inquiry.pair, std::move(listing));
    });
    for (auto& [pair, listing] : told) {
        try {
            in_doubt_[pair] = {listing.left.changed, listing.right.changed};
            auto found = recover(pair, renumbered.at(pair), std::move(listing));
            if (found.another)
                give_up(pair, *found.another);
            else
                in_doubt_.erase(pair);
            recovered(std::move(found.changes));
        } catch (const Error& error) {
            if (error.scope() > Scope::folder) throw;
            context_.report.failed(pair, error);
        }
    }
}

void Renumbered::give_up(PairIndex pair, const AnotherFolder& another)
{
    context_.report.failed(pair, another.why);
    context_.pairs[pair].gone_on = another.on;
    context_.pairs[pair].stays_gone = context_.pairs[pair].is_replaced = true;
}

Recovered Renumbered::recover(PairIndex pair, const Both<bool>& renumbered, Both<Listing> listing)
{
    FolderChanges changes;
    changes.pair = pair;
    changes.known = context_.memory.load(pair);
    changes.left_takes_ids = context_.takes_ids(Side::left);
    changes.listing = std::move(listing);
    auto found = sync::recover(context_, std::move(changes), renumbered, rehearsal_);
    if (!found.another) keep_validity(pair, found.changes.listing);
    return found;
}

}  // namespace offlineimap::sync
