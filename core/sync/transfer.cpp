// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"

#include "outcomes.hpp"

#include <map>

namespace offlineimap::sync {
namespace {

/// The moved messages take, on the side that moved them, the ids that the other side gave.
std::vector<bool> assign_arrived(
    SyncContext& context, Side mover, std::span<const Transfer> transfers, const Outcomes& moved)
{
    std::vector<bool> named(transfers.size(), true);
    if (!context.takes_ids(mover)) return named;
    std::vector<std::size_t> mine;
    std::vector<PairIndex> pairs;
    std::map<PairIndex, std::vector<Announced>> announced;
    for (std::size_t i = 0; i < transfers.size(); ++i)
        if (moved.succeeded(i) && !moved.id(i).empty()) {
            mine.push_back(i);
            pairs.push_back(transfers[i].to);
            announced[transfers[i].to].push_back({moved.id(i), transfers[i].marks});
        }
    for (const auto& [pair, messages] : announced)
        context.memory.announce_ids(pair, messages);
    Outcomes outcomes(context.report, std::move(pairs));
    send_all<Assign>(
        *context.sessions[mover], outcomes,
        [&](std::size_t i) {
            const Transfer& transfer = transfers[mine[i]];
            return Assign {
                {context.folder(transfer.to, mover), transfer.arrived}, moved.id(mine[i])};
        },
        [&](Session& session, const std::vector<Assign>& assigns) {
            session.assign(assigns, outcomes);
        });
    for (std::size_t i = 0; i < mine.size(); ++i)
        named[mine[i]] = outcomes.succeeded(i);
    return named;
}

/// Records the moved messages where they are now; their marks may differ still.
std::vector<Edit> record_moved(
    SyncContext& context, Side on, std::span<const Transfer> transfers, const Outcomes& moved,
    const std::vector<bool>& named)
{
    std::map<PairIndex, std::vector<Known>> put;
    std::map<PairIndex, std::vector<MessageId>> erase;
    std::vector<Edit> edits;
    Counts counts;
    for (std::size_t i = 0; i < transfers.size(); ++i) {
        const Transfer& transfer = transfers[i];
        if (!moved.succeeded(i)) {  // perhaps it was moved and the answer was lost
            context.report.unresolved(transfer.to);
            continue;
        }
        if (!transfer.id.right.empty()) erase[transfer.pair].push_back(transfer.id.right);
        if (moved.id(i).empty() || !named[i]) {
            context.report.unresolved(transfer.to);
            continue;
        }
        Both<MessageId> id {moved.id(i), moved.id(i)};
        if (!context.takes_ids(other(on))) id[other(on)] = transfer.arrived;
        Both<Marks> now {transfer.now, transfer.now};
        now[other(on)] = transfer.arrived_marks;
        auto merged =
            merge(context.keywords, transfer.marks, now, context.pairs[transfer.to].storable);
        const bool equal = merged.change.left.empty() && merged.change.right.empty();
        put[transfer.to].push_back({id, equal ? merged.marks : transfer.marks});
        if (!equal) edits.push_back({transfer.to, id, merged.marks, std::move(merged.change)});
        ++counts.moved;
    }
    for (const auto& [pair, known] : put)
        context.memory.apply(pair, known, {});
    for (const auto& [pair, ids] : erase)
        context.memory.apply(pair, {}, ids);
    context.report.add(counts);
    return edits;
}

void announce(SyncContext& context, Side on, std::span<const Transfer> transfers)
{
    std::map<PairIndex, std::vector<Announced>> arriving;
    for (const Transfer& transfer : transfers)
        arriving[transfer.to].push_back({transfer.arrived, transfer.marks});
    for (const auto& [pair, ids] : arriving)
        context.memory.announce(pair, on, ids);
}

}  // namespace

std::vector<Edit> move_messages(SyncContext& context, Side on, std::span<const Transfer> transfers)
{
    if (transfers.empty()) return {};
    const auto phase = context.report.phase("move");
    context.report.say(
        EventKind::moving, on, {},
        "Move " + std::to_string(transfers.size()) + " messages [" + context.repository(on) + "]",
        transfers.size());
    const Side mover = other(on);
    announce(context, on, transfers);
    Outcomes outcomes(context.report, pairs_of(transfers));
    try {
        send_all<Move>(
            *context.sessions[on], outcomes,
            [&](std::size_t i) {
                const Transfer& transfer = transfers[i];
                return Move {
                    {context.folder(transfer.pair, on), transfer.id[on]},
                    context.folder(transfer.to, on),
                    context.takes_ids(on) ? transfer.arrived : MessageId {}};
            },
            [&](Session& session, const std::vector<Move>& moves) {
                session.move(moves, outcomes);
            });
    } catch (const Error&) {
        for (const Transfer& transfer : transfers)
            context.report.unresolved(transfer.to);
        throw;
    }
    const auto named = assign_arrived(context, mover, transfers, outcomes);
    return record_moved(context, on, transfers, outcomes, named);
}

}  // namespace offlineimap::sync
