// SPDX-License-Identifier: Apache-2.0
#include "guard.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace offlineimap::sync {
namespace {

using Place = std::pair<PairIndex, Side>;

bool is_exempt(const FolderPair& pair)
{
    return std::any_of(std::begin(both_sides), std::end(both_sides), [&](Side side) {
        const auto& uses = pair.folder[side].uses;
        return uses.has(FolderUse::trash) || uses.has(FolderUse::junk);
    });
}

bool exceeds(const DeleteBudget& limit, std::uint64_t removed, std::uint64_t size)
{
    if (limit.most) return removed > *limit.most;
    return size >= limit.from && removed * 100 > size * limit.percent;
}

struct Count {
    std::uint64_t removed = 0, size = 0;
};
using Tallies = std::map<Place, Count>;

Tallies count(SyncContext& context, const Plan& plan)
{
    Tallies counts;
    for (const Removal& removal : plan.removals)
        if (!removal.carried && !removal.awaits_folder && !is_exempt(context.pairs[removal.pair]))
            ++counts[{removal.pair, removal.from}].removed;
    for (auto& [place, count] : counts)
        count.size = context.memory.size(place.first);
    return counts;
}

/// An empty disk in the place of a full one empties every folder.
bool empties_most(const SyncContext& context, const Tallies& counts, Side side)
{
    constexpr std::size_t few = 3;
    const auto emptied = std::count_if(counts.begin(), counts.end(), [&](const auto& one) {
        return one.first.second == side && one.second.removed == one.second.size;
    });
    const auto folders = static_cast<std::size_t>(emptied);
    return folders >= few && folders * 2 > context.pairs.size();
}

void stop(SyncContext& context, const Place& place, const Count& count)
{
    const auto& [index, side] = place;
    const FolderPair& pair = context.pairs[index];
    context.report.failed(
        index,
        Error(
            Errc::stopped, Scope::folder, Retry::never,
            "folder " + pair.folder[side].name + " [" + context.repository(side)
                + "]: " + std::to_string(count.removed) + " of " + std::to_string(count.size)
                + " messages would be deleted, because " + context.repository(other(side))
                + " has them no longer; that is more than max_deletes allows, and none of them "
                  "was deleted"));
}

}  // namespace

DeleteBudget parse_budget(const std::string& text)
{
    const bool percent = text.ends_with('%');
    const char* const end = text.data() + text.size() - (percent ? 1 : 0);
    std::uint64_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc {} || rest != end || (percent && number > 100))
        throw Error(
            Errc::config, "max_deletes = " + text + ": is neither a number nor a percentage");
    DeleteBudget budget;
    if (percent)
        budget.percent = static_cast<unsigned>(number);
    else
        budget.most = number;
    return budget;
}

std::string approval_command(const SyncContext& context, const DeleteBudgets& budgets)
{
    std::vector<std::string> settings {
        "Account " + context.report.account() + ":max_deletes=unlimited"};
    for (const Side side : both_sides)
        if (budgets.repository[side])
            settings.push_back("Repository " + context.repository(side) + ":max_deletes=unlimited");
    return context.report.commands().again(settings);
}

void guard(SyncContext& context, const DeleteBudgets& budgets, Plan& plan)
{
    const auto counts = count(context, plan);
    Both<bool> emptied;
    for (const Side side : both_sides)
        emptied[side] = !budgets.of(side).unlimited() && empties_most(context, counts, side);
    std::set<Place> stopped;
    for (const auto& [place, count] : counts) {
        const Side side = place.second;
        if (!emptied[side] && !exceeds(budgets.of(side), count.removed, count.size)) continue;
        stop(context, place, count);
        stopped.insert(place);
    }
    if (stopped.empty()) return;
    std::erase_if(plan.removals, [&](const Removal& removal) {
        const bool is_stopped = !removal.carried && !removal.awaits_folder
            && stopped.contains({removal.pair, removal.from});
        if (is_stopped) plan.held_back.push_back(removal);
        return is_stopped;
    });
    context.report.log(
        Level::warning,
        "Should these deletions be right, this approves them once: "
            + approval_command(context, budgets));
}

}  // namespace offlineimap::sync
