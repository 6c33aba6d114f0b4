// SPDX-License-Identifier: Apache-2.0
#include "plan.hpp"

#include <algorithm>
#include <numeric>

namespace offlineimap::sync {
namespace {

using Kind = Standing::Kind;

/// Plans one folder pair in three walks: known messages, newcomers on both sides, newcomers on one.
class FolderPlanner {
public:
    FolderPlanner(
        const FolderChanges& changes, const Both<SideRules>& rules, KeywordSets& sets, Plan& plan)
        : changes_(changes)
        , rules_(rules)
        , sets_(sets)
        , plan_(plan)
        , storable_ {changes.listing.left.storable, changes.listing.right.storable}
    {
    }

    void run()
    {
        plan_known();
        for (const Side side : both_sides)
            plan_newcomers(side);
    }

private:
    /// The records in the order of the left ids, which is the right order where left takes ids.
    std::vector<std::size_t> by_left() const;
    void plan_known();
    void plan_one(const Known& known, const Both<Standing>& now);
    void plan_removal(const Known& known, Side from, const Standing& now);
    void plan_edit(const Known& known, const Both<Standing>& now);
    void plan_newcomers(Side side);
    bool adopt(const Entry& entry, Side side);
    void plan_copy(const Entry& entry, Side from);
    bool may_change(Side side, Refused::What what)
    {
        if (rules_[side].readonly) return false;
        if (changes_.listing[side].writable) return true;
        const Refused refused {changes_.pair, side, what};
        if (plan_.refused.empty() || plan_.refused.back() != refused)
            plan_.refused.push_back(refused);
        return false;
    }

    const FolderChanges& changes_;
    const Both<SideRules>& rules_;
    KeywordSets& sets_;
    Plan& plan_;
    Both<Storable> storable_;
};

std::vector<std::size_t> FolderPlanner::by_left() const
{
    const auto& known = changes_.known;
    std::vector<std::size_t> order(known.size());
    std::iota(order.begin(), order.end(), std::size_t {0});
    const auto before = [&](std::size_t a, std::size_t b) {
        return known[a].id.left < known[b].id.left;
    };
    if (!std::is_sorted(order.begin(), order.end(), before))
        std::sort(order.begin(), order.end(), before);
    return order;
}

void FolderPlanner::plan_known()
{
    const auto& known = changes_.known;
    std::vector<Standing> left(known.size());
    ListingCursor left_cursor(changes_.listing.left), right_cursor(changes_.listing.right);
    for (const std::size_t i : by_left())
        left[i] = left_cursor.at(known[i].id.left);
    for (std::size_t i = 0; i < known.size(); ++i)
        plan_one(known[i], {left[i], right_cursor.at(known[i].id.right)});
}

void FolderPlanner::plan_one(const Known& known, const Both<Standing>& now)
{
    const Both<bool> gone {now.left.kind == Kind::gone, now.right.kind == Kind::gone};
    if (gone.left && gone.right) plan_.forgotten.push_back({changes_.pair, known.id.right});
    // A deletion against an edit of the marks: the deletion wins, as in the original.
    else if (gone.left)
        plan_removal(known, Side::right, now.right);
    else if (gone.right)
        plan_removal(known, Side::left, now.left);
    else if (now.left.kind == Kind::changed || now.right.kind == Kind::changed)
        plan_edit(known, now);
}

void FolderPlanner::plan_removal(const Known& known, Side from, const Standing& now)
{
    if (rules_[other(from)].sync_deletes && may_change(from, Refused::What::edit))
        plan_.removals.push_back(
            {changes_.pair, from, known.id, known.marks,
             now.kind == Kind::changed ? now.marks : known.marks, false});
}

void FolderPlanner::plan_edit(const Known& known, const Both<Standing>& now)
{
    Both<Marks> marks {known.marks, known.marks};
    for (const Side side : both_sides)
        if (now[side].kind == Kind::changed) marks[side] = now[side].marks;
    auto merged = merge(sets_, known.marks, marks, storable_);
    for (const Side side : both_sides)
        // What may not be done here stays undone, and the record as it is: the sides differ.
        if (!merged.change[side].empty() && !may_change(side, Refused::What::edit)) return;
    if (merged.change.left.empty() && merged.change.right.empty()) {
        if (merged.marks != known.marks)
            plan_.adoptions.push_back({changes_.pair, {known.id, merged.marks}});
        return;
    }
    plan_.edits.push_back({changes_.pair, known.id, merged.marks, std::move(merged.change)});
}

/// A message under the same id on both sides without a record: a run ended between the two writes.
bool FolderPlanner::adopt(const Entry& entry, Side side)
{
    if (!changes_.left_takes_ids) return false;
    const Entry* twin = find(changes_.listing[other(side)], entry.id);
    if (twin == nullptr) return false;
    if (side == Side::left) return true;  // taken when the right side is walked
    const auto announced = changes_.announced.find(entry.id);
    const Marks base = announced == changes_.announced.end() ? Marks {} : announced->second;
    plan_adoption(
        {changes_.pair, {entry.id, entry.id}, {twin->marks, entry.marks}, base, {}}, storable_,
        rules_, sets_, plan_);
    return true;
}

void FolderPlanner::plan_newcomers(Side side)
{
    const auto& known = changes_.known;
    const auto order = by_left();
    std::size_t next = 0;
    const auto id_at = [&](std::size_t i) -> const MessageId& {
        return side == Side::right ? known[i].id.right : known[order[i]].id.left;
    };
    for (const Entry& entry : changes_.listing[side].changed) {
        while (next < known.size() && id_at(next) < entry.id)
            ++next;
        if (next < known.size() && id_at(next) == entry.id) continue;
        if (adopt(entry, side)) continue;
        if (rules_[side].keeps_deleted && entry.marks.flags.has(Flag::deleted)) continue;
        if (!may_change(other(side), Refused::What::message)) continue;
        plan_copy(entry, side);
    }
}

void FolderPlanner::plan_copy(const Entry& entry, Side from)
{
    const auto& origins = changes_.listing[from].origins;
    if (const auto origin = origins.find(entry.id); origin != origins.end())
        plan_.arrivals.push_back({plan_.copies.size(), origin->second});
    plan_.copies.push_back(
        {changes_.pair, other(from), entry.id, common(sets_, entry.marks, storable_)});
}

}  // namespace

void plan_adoption(
    const Twin& twin, const Both<Storable>& storable, const Both<SideRules>& rules,
    KeywordSets& sets, Plan& plan)
{
    auto merged = merge(sets, twin.base, twin.marks, storable);
    const bool frozen = (rules.left.readonly && !merged.change.left.empty())
        || (rules.right.readonly && !merged.change.right.empty());
    if (frozen) {  // what both have already
        const Marks shared {twin.marks.left.flags & twin.marks.right.flags, 0};
        plan.adoptions.push_back({twin.pair, {twin.id, common(sets, shared, storable)}});
    } else if (merged.change.left.empty() && merged.change.right.empty()) {
        plan.adoptions.push_back({twin.pair, {twin.id, merged.marks}});
    } else {
        // Recorded first: an edit may fail, and that the two are one must not be forgotten then.
        plan.adoptions.push_back({twin.pair, {twin.id, common(sets, twin.base, storable)}});
        plan.edits.push_back({twin.pair, twin.id, merged.marks, std::move(merged.change)});
    }
}

void plan_folder(
    const FolderChanges& changes, const Both<SideRules>& rules, KeywordSets& sets, Plan& plan)
{
    FolderPlanner(changes, rules, sets, plan).run();
}

}  // namespace offlineimap::sync
