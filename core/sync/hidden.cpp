// SPDX-License-Identifier: Apache-2.0
#include "hidden.hpp"

#include "tokens.hpp"

#include <algorithm>
#include <vector>

namespace offlineimap::sync {

void Hidden::begin()
{
    std::set<PairIndex> noted;
    for (PairIndex i = 0; i < context_.pairs.size(); ++i)
        if (context_.pairs[i].was_mute) noted.insert(i);
    note(noted, "");
}

void Hidden::mark(const std::set<PairIndex>& untold, const Lookup& lookup, Plan& plan)
{
    const auto& pairs = context_.pairs;
    mute_ = untold;
    for (const auto& [pair, listed] : renumbered_.in_doubt())  // these have told
        mute_.erase(pair);
    plan.is_hidden = std::ranges::any_of(mute_, [&](PairIndex i) { return !pairs[i].was_mute; });
    if (plan.is_hidden && !lookup.unsettled.empty()) plan.unseen = {true, true};
    for (const PairIndex pair : mute_) {
        const auto gone_on = pairs[pair].gone_on;
        if (!gone_on || pairs[pair].is_replaced) continue;
        plan.unseen[other(*gone_on)] = true;
        say_once(
            pair,
            "it is gone in repository " + rules_.repositories[*gone_on]
                + ", and could not be looked at in " + rules_.repositories[other(*gone_on)]
                + "; what is new in " + rules_.repositories[*gone_on]
                + " waits, for it may come from there");
    }
}

void Hidden::remember_awaiting(const Lookup& lookup, const Plan& plan)
{
    for (const Side side : both_sides) {
        const auto& pairs = plan.awaiting[side];
        if (pairs.empty()) continue;
        awaited_.insert(lookup.unsettled.begin(), lookup.unsettled.end());
        for (const PairIndex pair : pairs) {
            awaited_.insert(pair);
            context_.report.hold_back(pair);
            say_once(
                pair,
                "some of what is new in repository " + rules_.repositories[other(side)]
                    + " waits: " + rules_.repositories[side]
                    + " may have it already, where it cannot be looked at now");
        }
        if (!rules_.dry_run && !plan.unread[side].empty())
            context_.memory.announce(side, std::vector<PairIndex>(pairs.begin(), pairs.end()));
    }
}

void Hidden::finish() const
{
    note(mute_, "1");
}

void Hidden::say_once(PairIndex pair, const std::string& text)
{
    if (!said_.insert(pair).second) return;
    context_.report.log(Level::warning, "folder " + context_.pairs[pair].name + ": " + text);
}

void Hidden::note(const std::set<PairIndex>& pairs, const char* value) const
{
    if (rules_.dry_run) return;
    std::vector<Note> notes;
    notes.reserve(pairs.size());
    for (const PairIndex pair : pairs)
        notes.push_back({context_.pairs[pair].status_name, mute_note, value});
    context_.memory.put(notes);
}

/// Where a folder got new numbers nobody can tell what is gone on both sides.
bool may_be_known(const Lookup& lookup, const Plan& plan, PairIndex pair)
{
    return !plan.forgotten.empty() || !lookup.parted.empty() || lookup.unknown.contains(pair)
        || lookup.unsettled.contains(pair);
}

bool may_be_unread(const Lookup& lookup, const Plan& plan, const Copy& copy, bool is_orphan)
{
    if (copy.size != 0 && plan.left_behind[copy.to].contains(copy.size)) return true;
    const auto is_unsettled = [&](PairIndex pair) {
        return is_orphan || lookup.unsettled.contains(copy.pair) || lookup.unsettled.contains(pair);
    };
    for (const auto& [size, pairs] : plan.unread[copy.to]) {
        if (size != copy.size && size != 0 && copy.size != 0) continue;
        if (pairs.contains(copy.pair) && (is_orphan || may_be_known(lookup, plan, copy.pair)))
            return true;
        if (size != 0 && size == copy.size && std::ranges::any_of(pairs, is_unsettled)) return true;
    }
    return false;
}

}  // namespace offlineimap::sync
