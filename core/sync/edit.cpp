// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"

#include "threads.hpp"
#include "trash.hpp"

#include <algorithm>
#include <map>

namespace offlineimap::sync {
namespace {

enum class Outcome : std::uint8_t { waiting, done, failed };

/// Takes what became of each item of a batch, through retries that send only the rest again.
class Outcomes final : public ResultSink, public StoreSink {
public:
    Outcomes(Report& report, std::vector<PairIndex> pairs)
        : report_(report)
        , pairs_(std::move(pairs))
        , outcome_(pairs_.size(), Outcome::waiting)
        , ids_(pairs_.size())
    {
    }

    /// Those that are still to be done; the batch that goes out now consists of them.
    const std::vector<std::size_t>& next_batch()
    {
        batch_.clear();
        for (std::size_t i = 0; i < outcome_.size(); ++i)
            if (outcome_[i] == Outcome::waiting) batch_.push_back(i);
        return batch_;
    }
    void done(std::size_t index) override { settle(index, Outcome::done); }
    void stored(std::size_t index, const MessageId& id) override
    {
        ids_[batch_[index]] = id;
        settle(index, Outcome::done);
    }
    void failed(std::size_t index, const Error& why) override
    {
        const PairIndex pair = pairs_[batch_[index]];
        // Gone meanwhile: the next run sees that. The token stays the old one.
        if (why.code() == Errc::not_found)
            report_.hold_back(pair);
        else
            report_.failed(pair, why);
        settle(index, Outcome::failed);
    }
    bool take_progress() { return std::exchange(progressed_, false); }
    bool succeeded(std::size_t item) const { return outcome_[item] == Outcome::done; }
    const MessageId& id(std::size_t item) const { return ids_[item]; }

private:
    void settle(std::size_t index, Outcome outcome)
    {
        outcome_[batch_[index]] = outcome;
        progressed_ = true;
    }

    Report& report_;
    const std::vector<PairIndex> pairs_;
    std::vector<Outcome> outcome_;
    std::vector<MessageId> ids_;
    std::vector<std::size_t> batch_;
    bool progressed_ = false;
};

/// The pairs of some items, for Outcomes.
template <class Items> std::vector<PairIndex> pairs_of(const Items& items)
{
    std::vector<PairIndex> pairs;
    for (const auto& item : items)
        pairs.push_back(item.pair);
    return pairs;
}

/// Sends a batch until each item was reported; `make` builds what the repository takes.
template <class Request, class Make, class Send>
void send_all(SessionPool& pool, Outcomes& outcomes, Make make, Send send)
{
    with_session(
        pool,
        [&](Session& session) {
            std::vector<Request> requests;
            for (const std::size_t i : outcomes.next_batch())
                requests.push_back(make(i));
            if (!requests.empty()) send(session, requests);
        },
        [&] { return outcomes.take_progress(); });
}

/// One side's part of the edits. Which of them were done, by index of the edit.
std::vector<bool> edit_side(SyncContext& context, Side side, std::span<const Edit> edits)
{
    std::vector<std::size_t> mine;
    std::vector<PairIndex> pairs;
    for (std::size_t i = 0; i < edits.size(); ++i)
        if (!edits[i].change[side].empty()) {
            mine.push_back(i);
            pairs.push_back(edits[i].pair);
        }
    Outcomes outcomes(context.report, std::move(pairs));
    send_all<Update>(
        *context.sessions[side], outcomes,
        [&](std::size_t i) {
            const Edit& edit = edits[mine[i]];
            const MarksChange& change = edit.change[side];
            return Update {
                {context.folder(edit.pair, side), edit.id[side]},
                change.add,
                change.drop,
                change.add_keywords,
                change.drop_keywords,
                {},
                {}};
        },
        [&](Session& session, const std::vector<Update>& updates) {
            session.update(updates, outcomes);
        });
    std::vector<bool> done(edits.size(), true);
    for (std::size_t i = 0; i < mine.size(); ++i)
        done[mine[i]] = outcomes.succeeded(i);
    return done;
}

constexpr std::pair<Flag, std::string_view> flag_letters[] = {
    {Flag::draft, "D"}, {Flag::flagged, "F"}, {Flag::answered, "R"},
    {Flag::seen, "S"},  {Flag::deleted, "T"}, {Flag::forwarded, "P"}};

std::vector<std::string>
mark_names(const Set<Flag>& flags, const std::vector<std::string>& keywords)
{
    std::vector<std::string> names = keywords;
    for (const auto& [flag, letter] : flag_letters)
        if (flags.has(flag)) names.emplace_back(letter);
    return names;
}

/// One kind of change in one place.
struct EditKey {
    PairIndex pair;
    Side side;
    EventKind kind;
    std::string mark;
    friend auto operator<=>(const EditKey&, const EditKey&) = default;
};

using EditedIds = std::map<EditKey, std::vector<std::string_view>>;

void collect(EditedIds& ids, PairIndex pair, Side side, const Edit& edit)
{
    const MarksChange& change = edit.change[side];
    const std::string_view id = edit.id[side].value;
    for (auto& mark : mark_names(change.add, change.add_keywords))
        ids[{pair, side, EventKind::adding_flags, std::move(mark)}].push_back(id);
    for (auto& mark : mark_names(change.drop, change.drop_keywords))
        ids[{pair, side, EventKind::removing_flags, std::move(mark)}].push_back(id);
}

void say_edits(SyncContext& context, std::span<const Edit> edits)
{
    EditedIds all;
    for (const Edit& edit : edits)
        for (const Side side : both_sides)
            collect(all, edit.pair, side, edit);
    for (const auto& [key, ids] : all) {
        const auto& name = context.pairs[key.pair].folder[key.side].name;
        const bool adding = key.kind == EventKind::adding_flags;
        EventDetails details;
        details.to.folder = name;
        details.messages = ids;
        details.flag = key.mark;
        context.report.say(
            key.kind, key.side, name,
            (adding ? "Adding flag " : "Deleting flag ") + key.mark + (adding ? " to " : " from ")
                + std::to_string(ids.size()) + " messages on " + name + " ["
                + context.repository(key.side) + "]",
            ids.size(), details);
    }
}

}  // namespace

void edit_messages(SyncContext& context, std::span<const Edit> edits)
{
    if (edits.empty()) return;
    const auto phase = context.report.phase("edit");
    say_edits(context, edits);
    Both<std::vector<bool>> done;
    run_side_by_side(
        2,
        [&](std::size_t i) {
            const Side side = both_sides[i];
            done[side] = edit_side(context, side, edits);
        },
        [&] { context.report.worker_ends(); });
    std::map<PairIndex, std::vector<Known>> records;
    Counts counts;
    for (std::size_t i = 0; i < edits.size(); ++i) {
        if (!done.left[i] || !done.right[i]) continue;
        records[edits[i].pair].push_back({edits[i].id, edits[i].marks});
        ++counts.edited;
    }
    for (const auto& [pair, known] : records)
        context.memory.apply(pair, known, {});
    context.report.add(counts);
}

void edit_unrecorded(SyncContext& context, std::span<const Edit> edits)
{
    for (const Side side : both_sides)
        if (!edits.empty()) edit_side(context, side, edits);
}

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

void move_to_trash(
    SyncContext& context, Side side, std::span<const Removal> removals, Outcomes& outcomes)
{
    if (!context.abilities[side].has(Capability::move))
        throw Error(
            Errc::unsupported, Scope::folder, Retry::never,
            "repository " + context.repository(side)
                + " cannot move messages, which trash needs; nothing was removed there");
    const auto trash = trash_folder(context, side);
    send_all<Move>(
        *context.sessions[side], outcomes,
        [&](std::size_t i) {
            const Removal& removal = removals[i];
            return Move {{context.folder(removal.pair, side), removal.id[side]}, trash, {}};
        },
        [&](Session& session, const std::vector<Move>& moves) { session.move(moves, outcomes); });
}

enum class Goes : std::uint8_t { for_good, to_trash };

void remove_on(SyncContext& context, Side side, std::span<const Removal> removals, Goes goes)
{
    if (removals.empty()) return;
    Outcomes outcomes(context.report, pairs_of(removals));
    if (goes == Goes::to_trash)
        move_to_trash(context, side, removals, outcomes);
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
            remove_on(context, side, for_good[side], Goes::for_good);
            keep_in_trash(context, side, to_trash[side]);
        },
        [&] { context.report.worker_ends(); });
}

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
