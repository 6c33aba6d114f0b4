// SPDX-License-Identifier: Apache-2.0
#include "in_doubt.hpp"

#include "content.hpp"

#include <set>

namespace offlineimap::sync {
namespace {

std::vector<Suspect> suspects_of(const SyncContext& context, Side side, const InDoubt& in_doubt)
{
    std::vector<Suspect> suspects;
    for (const auto& [pair, entries] : in_doubt)
        for (const Entry& entry : entries[side])
            suspects.push_back(suspect(context, pair, entry.id, entry.marks));
    return suspects;
}

/// Indexes of copies to that side.
std::set<std::size_t>
find(SyncContext& context, Side to, std::vector<Suspect> in_doubt, const Plan& plan)
{
    Both<std::vector<Suspect>> suspects;
    std::vector<std::size_t> copies;
    for (std::size_t i = 0; i < plan.copies.size(); ++i) {
        const Copy& copy = plan.copies[i];
        if (copy.to != to) continue;
        copies.push_back(i);
        suspects[other(to)].push_back(suspect(context, copy.pair, copy.id, copy.marks));
    }
    suspects[to] = std::move(in_doubt);
    if (suspects.left.empty() || suspects.right.empty()) return {};
    compare_content(context, suspects, Proof::likely, Scan::whole_account);
    std::set<std::size_t> found;
    for (const ContentMatch& match : match_compared(suspects, Scan::whole_account))
        found.insert(copies[to == Side::left ? match.right : match.left]);
    std::set<std::uint64_t> unread;
    for (const Suspect& suspect : suspects[to])
        if (suspect.unreadable) unread.insert(suspect.told_size);
    for (std::size_t i = 0; i < copies.size(); ++i)
        if (unread.contains(suspects[other(to)][i].told_size)) found.insert(copies[i]);
    return found;
}

}  // namespace

void put_off_what_is_in_doubt(SyncContext& context, const InDoubt& in_doubt, Plan& plan)
{
    if (in_doubt.empty()) return;
    for (const Side to : both_sides) {
        const auto found = find(context, to, suspects_of(context, to, in_doubt), plan);
        std::size_t index = 0;
        std::erase_if(plan.copies, [&](const Copy& copy) {
            if (!found.contains(index++)) return false;
            context.report.hold_back(copy.pair);
            context.report.log(
                Level::warning,
                "message " + copy.id.value + " of folder "
                    + context.pairs[copy.pair].folder[other(to)].name + " ["
                    + context.repository(other(to)) + "] waits: " + context.repository(to)
                    + " has it in a folder that is skipped");
            return true;
        });
    }
}

void put_off_what_may_be_unseen(SyncContext& context, Plan& plan)
{
    std::erase_if(plan.copies, [&](const Copy& copy) {
        if (!plan.unseen[copy.to]) return false;
        context.report.hold_back(copy.pair);
        return true;
    });
    std::erase_if(plan.removals, [&](const Removal& removal) {
        if (!removal.carried || !plan.unseen[removal.from]) return false;
        context.report.hold_back(removal.pair);
        return true;
    });
}

}  // namespace offlineimap::sync
