// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"

#include "outcomes.hpp"
#include "shares.hpp"
#include "threads.hpp"
#include "trash.hpp"

#include <algorithm>
#include <map>

namespace offlineimap::sync {
namespace {

void remove_for_good(
    SyncContext& context, Side side, std::span<const Removal> removals, Outcomes& outcomes)
{
    send_all<MessageRef>(
        *context.sessions[side], outcomes,
        [&](std::size_t i) {
            const Removal& removal = removals[i];
            return MessageRef {context.folder(removal.pair, side), removal.id[side]};
        },
        [&](Session& session, const std::vector<MessageRef>& refs) {
            session.remove(refs, outcomes);
        });
}

/// What is there already, or has its text elsewhere, need not be kept.
bool goes_to_trash(const SyncContext& context, const Removal& removal)
{
    const auto& trash = context.rules[removal.from].trash;
    return !trash.empty() && !removal.carried && !removal.id[other(removal.from)].empty()
        && context.pairs[removal.pair].folder[removal.from].name != trash;
}

enum class Goes : std::uint8_t { for_good, to_trash };

void remove_on(SyncContext& context, Side side, std::span<const Removal> removals, Goes goes)
{
    if (removals.empty()) return;
    Outcomes outcomes(context.report, pairs_of(removals));
    if (goes == Goes::to_trash)
        take_to_trash(context, side, removals, outcomes);
    else
        remove_for_good(context, side, removals, outcomes);
    std::map<PairIndex, std::vector<MessageId>> records;
    Counts counts;
    for (std::size_t i = 0; i < removals.size(); ++i)
        if (outcomes.succeeded(i)) {
            if (!removals[i].id.right.empty())
                records[removals[i].pair].push_back(removals[i].id.right);
            ++counts.removed;
        }
    for (const auto& [pair, ids] : records)
        context.memory.apply(pair, {}, ids);
    context.report.add(counts);
    if (goes == Goes::to_trash) forget_trashing(context, side, removals, outcomes);
}

void say_removals(SyncContext& context, std::span<const Removal> removals)
{
    std::map<std::pair<PairIndex, Side>, std::vector<std::string_view>> all;
    for (const Removal& removal : removals)
        all[{removal.pair, removal.from}].push_back(removal.id[removal.from].value);
    for (const auto& [where, ids] : all) {
        const auto& name = context.pairs[where.first].folder[where.second].name;
        EventDetails details;
        details.to.folder = name;
        details.messages = ids;
        context.report.say(
            EventKind::deleting, where.second, name,
            "Deleting " + std::to_string(ids.size()) + " messages in " + name + " ["
                + context.repository(where.second) + "]",
            ids.size(), details);
    }
}

void remove_all(SyncContext& context, Side side, std::vector<Removal> removals)
{
    std::stable_sort(removals.begin(), removals.end(), [](const Removal& a, const Removal& b) {
        return a.pair < b.pair;
    });
    const auto parts = shares<Removal>(removals, context.sessions[side]->limit());
    run_side_by_side(
        parts.size(), [&](std::size_t i) { remove_on(context, side, parts[i], Goes::for_good); },
        [&] { context.report.worker_ends(); });
}

/// A trash folder that cannot be used keeps the messages where they are.
void keep_in_trash(SyncContext& context, Side side, std::span<const Removal> removals)
{
    try {
        remove_on(context, side, removals, Goes::to_trash);
    } catch (const Error& error) {
        if (error.scope() > Scope::folder) throw;
        for (const Removal& removal : removals)
            context.report.failed(removal.pair, error);
    }
}

}  // namespace

void remove_messages(SyncContext& context, std::span<const Removal> removals)
{
    const auto phase = context.report.phase("remove");
    if (removals.empty()) return;
    say_removals(context, removals);
    Both<std::vector<Removal>> for_good, to_trash;
    for (const Removal& removal : removals)
        (goes_to_trash(context, removal) ? to_trash : for_good)[removal.from].push_back(removal);
    run_side_by_side(
        2,
        [&](std::size_t i) {
            const Side side = both_sides[i];
            remove_all(context, side, std::move(for_good[side]));
            keep_in_trash(context, side, to_trash[side]);
        },
        [&] { context.report.worker_ends(); });
}

}  // namespace offlineimap::sync
