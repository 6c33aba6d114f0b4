// SPDX-License-Identifier: Apache-2.0
#include "inquiries.hpp"

#include <algorithm>

namespace offlineimap::sync {

std::vector<Inquiry> Inquiries::make(Pass pass, const std::set<PairIndex>& unsettled)
{
    mute_.clear();
    std::vector<Inquiry> inquiries;
    for (PairIndex i = 0; i < context_.pairs.size(); ++i) {
        if (!is_whole(i)) {
            if (!context_.pairs[i].is_replaced) mute_.insert(i);
            continue;
        }
        Inquiry inquiry {i, {}, {}};
        for (const Side side : both_sides)
            inquiry.ask[side] = wants(i, side, pass, unsettled);
        if (!inquiry.ask.left && !inquiry.ask.right) continue;
        try {
            inquiry.epoch = renumbered_.kept_epochs(i, inquiry.ask);
        } catch (const Error& error) {
            if (error.scope() > Scope::folder) throw;
            context_.report.failed(i, error);
            mute_.insert(i);
            continue;
        }
        inquiries.push_back(std::move(inquiry));
    }
    return inquiries;
}

/// False where a folder could not be made, or is another one.
bool Inquiries::is_whole(PairIndex index) const
{
    const FolderPair& pair = context_.pairs[index];
    if (pair.is_replaced) return false;
    return rules_.dry_run || pair.gone_on
        || (!pair.folder.left.path.empty() && !pair.folder.right.path.empty());
}

/// What was not seen to end may have been carried to any folder: to one that has changed since.
bool Inquiries::wants(
    PairIndex index, Side side, Pass pass, const std::set<PairIndex>& unsettled) const
{
    const FolderPair& pair = context_.pairs[index];
    if (pair.folder[side].path.empty()) return false;  // not made yet
    if (pair.fresh || unsettled.contains(index)) return true;
    if (second_look_.is_waiting(index)) return true;
    if (pass == Pass::sequel) {
        // What was planned and not done is known from the listing alone: no record tells of it.
        if (context_.report.is_held_back(index)) return true;
        return tokens_.differs_since(index, side, lists_.token(index, side));
    }
    if (unsettled.empty() && !is_touched(index)) return false;
    return tokens_.differs(index, side, rules_.mode);
}

bool Inquiries::is_touched(PairIndex index) const
{
    if (!rules_.touched) return true;
    const FolderPair& pair = context_.pairs[index];
    return std::any_of(std::begin(both_sides), std::end(both_sides), [&](Side side) {
        // What happened since nobody watched any more is in the list, and nobody will tell of it.
        return (*rules_.touched)[side].contains(pair.folder[side].path)
            || tokens_.shows_change(index, side);
    });
}

}  // namespace offlineimap::sync
