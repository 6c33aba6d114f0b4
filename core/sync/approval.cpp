// SPDX-License-Identifier: Apache-2.0
#include "approval.hpp"

namespace offlineimap::sync {

using Kind = PlannedAction::Kind;

Approval::Approval(SyncContext& context, const AccountPlan& approved)
    : context_(context), approved_(approved), describe_(context)
{
    for (const PlannedFolder& folder : approved.folders)
        for (const PlannedAction& action : folder.actions)
            if (action.kind == Kind::create) made_.insert(folder.memory);
    for (const PlannedFolder& folder : approved.folders)
        for (const PlannedAction& action : folder.actions)
            actions_.emplace(
                Key {folder.memory, key_words(folder.memory, action)}, Approved {&folder, &action});
}

std::string Approval::key_words(const std::string& memory, PlannedAction action) const
{
    if (action.kind == Kind::copy && made_.contains(memory)) action.marks = {};
    return words_of(action);
}

bool Approval::is_same_folder(PairIndex pair, const PlannedFolder& folder) const
{
    for (const Side side : both_sides) {
        const std::string& now = context_.pairs[pair].folder[side].epoch;
        if (!now.empty() && !folder.epoch[side].empty() && now != folder.epoch[side]) return false;
    }
    return true;
}

bool Approval::allows(PairIndex pair, const PlannedAction& action)
{
    const std::string& memory = context_.pairs[pair].status_name;
    const auto [first, last] = actions_.equal_range({memory, key_words(memory, action)});
    bool allowed = false;
    for (auto it = first; it != last; ++it) {
        if (!is_same_folder(pair, *it->second.folder)) continue;
        allowed = it->second.planned_anew = true;
    }
    return allowed;
}

bool Approval::allows_making(PairIndex pair, Side side)
{
    PlannedAction action;
    action.kind = Kind::create;
    action.side = side;
    if (allows(pair, action)) return true;
    say_new(pair, action);
    return false;
}

void Approval::say_new(PairIndex pair, const PlannedAction& action)
{
    const FolderPair& folders = context_.pairs[pair];
    context_.report.hold_back(pair);
    context_.report.log(
        Level::warning,
        "Not in the plan, so not done: "
            + sentence(
                action,
                {folders.status_name,
                 {folders.folder.left.name, folders.folder.right.name},
                 {},
                 {},
                 {}},
                approved_.repositories));
}

template <class Item> void Approval::keep_allowed(std::vector<Item>& items)
{
    std::erase_if(items, [&](const Item& item) {
        const auto action = describe_(item);
        if (allows(item.pair, action)) return false;
        say_new(item.pair, action);
        return true;
    });
}

void Approval::restrict(Plan& plan)
{
    keep_allowed(plan.adoptions);
    keep_allowed(plan.forgotten);
    keep_allowed(plan.twins);
    restrict_sequel(plan);
}

void Approval::restrict_sequel(Plan& plan)
{
    keep_allowed(plan.copies);
    keep_allowed(plan.transfers);
    keep_allowed(plan.edits);
    keep_allowed(plan.superseded);
    keep_allowed(plan.removals);
    for (const Removal& removal : plan.held_back)  // the guard has said so
        allows(removal.pair, describe_(removal));
    plan.arrivals.clear();  // moves have been found, and their indexes are those of before
}

void Approval::finish()
{
    std::size_t changed = 0;
    for (const auto& [key, approved] : actions_) {
        if (approved.planned_anew) continue;
        ++changed;
        context_.report.log(
            Level::warning,
            "In the plan, but not as it was any more, so not done: "
                + sentence(*approved.action, *approved.folder, approved_.repositories));
    }
    if (changed == 0) return;
    context_.report.failed(Error(
        Errc::rejected, Scope::folder, Retry::never,
        "account " + context_.report.account() + ": " + std::to_string(changed) + " of "
            + std::to_string(actions_.size())
            + " actions of the plan were not done, because something has changed since it was "
              "made; make a new one with --plan-json"));
}

}  // namespace offlineimap::sync
