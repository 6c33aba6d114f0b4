// SPDX-License-Identifier: Apache-2.0
#include "doubles_repair.hpp"

#include "core/sync/edit.hpp"
#include "core/sync/guard.hpp"

#include <set>
#include <utility>

namespace offlineimap::core {

using sync::Both;
using sync::both_sides;
using sync::Entry;
using sync::Known;
using sync::Listing;
using sync::PairIndex;
using sync::Side;

std::string DoublesRepair::place(PairIndex index, Side side) const
{
    return rules_.repositories[side] + ":" + context_.pairs[index].folder[side].name;
}

void DoublesRepair::run(PairIndex index, const Both<Listing>& listing)
{
    Both<Doubles> doubles;
    for (const Side side : both_sides) {
        doubles[side] = find_doubles(context_, index, side, listing[side].changed);
        for (const auto& group : doubles[side])
            explain(index, side, group);
    }
    if (repair_.doubles == RepairRules::Doubles::remove) remove_doubles(index, doubles);
}

void DoublesRepair::explain(PairIndex index, Side side, const std::vector<Entry>& group) const
{
    std::string ids;
    for (const Entry& entry : group)
        ids += (ids.empty() ? "" : ", ") + entry.id.value;
    const bool is_hint = repair_.doubles == RepairRules::Doubles::explain;
    context_.report.log(
        Level::warning,
        place(index, side) + ": the messages " + ids + " have the same text"
            + (is_hint ? "; with --remove-doubles one of them is kept" : ""));
}

/// Chooses the one of a group that is kept, gives it the marks of all, and returns the others. The
/// same choice on both sides: the lowest right id that has a record, else the first message.
DoublesRepair::Extras DoublesRepair::choose(
    PairIndex index, Side side, const std::vector<Entry>& group, const Records& records,
    sync::Plan& plan)
{
    const Entry* kept = nullptr;
    const MessageId* lowest = nullptr;
    for (const Entry& entry : group) {
        const auto record = records[side].find(entry.id);
        if (record == records[side].end() || (lowest && *lowest < record->second.id.right))
            continue;
        kept = &entry;
        lowest = &record->second.id.right;
    }
    if (kept == nullptr) kept = &group.front();
    Extras extras;
    sync::Edit edit {index, {}, {}, {}};
    edit.id[side] = kept->id;
    std::set<std::string> keywords;
    for (const Entry& entry : group) {
        if (&entry == kept) continue;
        extras.emplace(entry.id, entry.marks);
        edit.change[side].add = edit.change[side].add | (entry.marks.flags - kept->marks.flags);
        keywords.insert(
            context_.keywords[entry.marks.keywords].begin(),
            context_.keywords[entry.marks.keywords].end());
    }
    for (const auto& keyword : context_.keywords[kept->marks.keywords])
        keywords.erase(keyword);
    edit.change[side].add_keywords = {keywords.begin(), keywords.end()};
    if (!edit.change[side].empty()) plan.edits.push_back(std::move(edit));
    return extras;
}

/// A message with a record goes only where its partner is a double as well, and then both go.
void DoublesRepair::remove_doubles(PairIndex index, const Both<Doubles>& doubles)
{
    Records records;
    for (const Known& known : context_.memory.load(index))
        for (const Side side : both_sides)
            records[side].emplace(known.id[side], known);
    sync::Plan plan;
    Both<Extras> extras;
    for (const Side side : both_sides)
        for (const auto& group : doubles[side])
            if (!rules_.sides[side].readonly)
                extras[side].merge(choose(index, side, group, records, plan));
    for (const Side side : both_sides)
        for (const auto& [id, marks] : extras[side]) {
            Both<MessageId> ids;
            ids[side] = id;
            if (const auto record = records[side].find(id); record != records[side].end()) {
                ids = record->second.id;
                if (!extras[other(side)].contains(ids[other(side)])) continue;
            }
            plan.removals.push_back({index, side, ids, marks, marks});
        }
    sync::guard(context_, rules_.budgets(), plan);
    if (!rules_.dry_run) {
        sync::edit_unrecorded(context_, plan.edits);
        sync::remove_messages(context_, plan.removals);
    }
    for (const sync::Removal& removal : plan.removals)
        context_.report.log(
            Level::info,
            (rules_.dry_run ? "[DRYRUN] would remove the double " : "removed the double ")
                + removal.id[removal.from].value + " in " + place(index, removal.from));
}

}  // namespace offlineimap::core
