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

bool exceeds(const DeleteBudget& budget, std::uint64_t removed, std::uint64_t size)
{
    if (budget.most) return removed > *budget.most;
    return size >= budget.from && removed * 100 > size * budget.percent;
}

void stop(SyncContext& context, const Place& place, std::uint64_t removed, std::uint64_t size)
{
    const auto& [index, side] = place;
    const FolderPair& pair = context.pairs[index];
    context.report.failed(
        index,
        Error(
            Errc::stopped, Scope::folder, Retry::never,
            "folder " + pair.folder[side].name + " [" + context.repository(side)
                + "]: " + std::to_string(removed) + " of " + std::to_string(size)
                + " messages would be deleted, more than max_deletes allows; nothing was deleted "
                  "there. To approve it once, run again with -k Account_"
                + context.report.account() + ":max_deletes=unlimited"));
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

void guard(SyncContext& context, const DeleteBudget& budget, Plan& plan)
{
    std::map<Place, std::uint64_t> removed;
    for (const Removal& removal : plan.removals)
        ++removed[{removal.pair, removal.from}];
    std::set<Place> stopped;
    for (const auto& [place, count] : removed) {
        if (is_exempt(context.pairs[place.first])) continue;
        const auto size = context.memory.size(place.first);
        if (!exceeds(budget, count, size)) continue;
        stop(context, place, count, size);
        stopped.insert(place);
    }
    std::erase_if(plan.removals, [&](const Removal& removal) {
        const bool is_stopped = stopped.contains({removal.pair, removal.from});
        if (is_stopped) plan.held_back.push_back(removal);
        return is_stopped;
    });
}

}  // namespace offlineimap::sync
