// SPDX-License-Identifier: Apache-2.0
#include "kept_epochs.hpp"

#include "message_sizes.hpp"

namespace offlineimap::core {

using sync::Both;
using sync::both_sides;
using sync::Known;
using sync::Listing;
using sync::PairIndex;
using sync::Side;

KeptEpochs::KeptEpochs(const sync::SyncRules& rules, sync::SyncContext& context)
    : rules_(rules)
    , context_(context)
    , validity_ {sync::FolderValidity(rules.state.left), sync::FolderValidity(rules.state.right)}
{
}

std::string KeptEpochs::load(PairIndex pair, Side side)
{
    try {
        return validity_[side].load(context_.pairs[pair].folder[side].name);
    } catch (const Error& error) {
        if (error.code() != Errc::corrupt) throw;
        context_.report.log(Level::warning, std::string(error.what()) + "; it is written anew");
        return {};
    }
}

Both<bool> KeptEpochs::renumbered(PairIndex pair, const Both<Listing>& listing)
{
    Both<bool> renumbered {false, false};
    Both<bool> unknown {false, false};
    for (const Side side : both_sides) {
        if (listing[side].epoch.empty()) continue;
        const auto kept = load(pair, side);
        unknown[side] = kept.empty();
        renumbered[side] = !kept.empty() && kept != listing[side].epoch;
        if (renumbered[side])
            context_.report.log(
                Level::info,
                rules_.repositories[side] + ":" + context_.pairs[pair].folder[side].name
                    + ": its UIDVALIDITY is another than that of the records (" + kept + ", now "
                    + listing[side].epoch + "); contents are compared");
    }
    if (renumbered.left || renumbered.right) return renumbered;
    if (context_.memory.size(pair) == 0)
        return {false, unknown.right && names_claim(pair, listing)};
    if (!unknown.left && !unknown.right) return renumbered;
    if (have_the_sizes_of_records(pair, listing)) return renumbered;
    context_.report.log(
        Level::info,
        rules_.repositories.right + ":" + context_.pairs[pair].name
            + ": the records are not of the messages that are there; contents are compared");
    return {true, true};
}

/// Whether names of files hold ids of the right side. They may be those of an earlier folder of
/// that name, or of another account.
bool KeptEpochs::names_claim(PairIndex pair, const Both<Listing>& listing) const
{
    if (!context_.takes_ids(Side::left) || !share_ids(listing)) return false;
    context_.pairs[pair].lost_epoch = true;
    context_.report.log(
        Level::info,
        rules_.repositories.left + ":" + context_.pairs[pair].folder.left.name
            + ": nothing tells whose numbers the names of its files hold; contents are compared");
    return true;
}

/// Whether what a record calls one message has one size on both sides.
bool KeptEpochs::have_the_sizes_of_records(PairIndex pair, const Both<Listing>& listing) const
{
    Both<std::vector<MessageId>> ids;
    for (const Known& known : context_.memory.load(pair))
        if (find(listing.left, known.id.left) && find(listing.right, known.id.right))
            for (const Side side : both_sides)
                ids[side].push_back(known.id[side]);
    return message_sizes(context_, pair, Side::left, ids.left)
        == message_sizes(context_, pair, Side::right, ids.right);
}

void KeptEpochs::keep(PairIndex pair, const Both<Listing>& listing) const
{
    if (rules_.dry_run) return;
    for (const Side side : both_sides)
        if (!listing[side].epoch.empty())
            validity_[side].save(context_.pairs[pair].folder[side].name, listing[side].epoch);
}

}  // namespace offlineimap::core
