// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"

#include "outcomes.hpp"
#include "shares.hpp"
#include "threads.hpp"

#include <map>

namespace offlineimap::sync {
namespace {

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

/// Both sides' part of them, then their records.
void edit_share(SyncContext& context, std::span<const Edit> edits)
{
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
    friend auto operator<=>(const EditKey&, const EditKey&) = default;  // NOLINT(*-nullptr)
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
    const auto parts = shares(edits, context.sessions.right->limit());
    run_side_by_side(
        parts.size(), [&](std::size_t i) { edit_share(context, parts[i]); },
        [&] { context.report.worker_ends(); });
}

void edit_unrecorded(SyncContext& context, std::span<const Edit> edits)
{
    for (const Side side : both_sides)
        if (!edits.empty()) edit_side(context, side, edits);
}

}  // namespace offlineimap::sync
