// SPDX-License-Identifier: Apache-2.0
#include "trash.hpp"

#include "trash_copier.hpp"

#include <algorithm>
#include <map>

namespace offlineimap::sync {
namespace {

FolderPath path_of(const std::string& name, const std::string& separator)
{
    FolderPath path;
    std::size_t at = 0;
    if (!separator.empty())
        for (auto next = name.find(separator); next != name.npos; next = name.find(separator, at)) {
            path.push_back(name.substr(at, next - at));
            at = next + separator.size();
        }
    path.push_back(name.substr(at));
    return path;
}

/// The folder; made if it is missing.
FolderInfo trash_folder(SyncContext& context, Side side, Session& session)
{
    const std::string& name = context.rules[side].trash;
    const auto folders = session.folders();
    const auto there = std::find_if(
        folders.begin(), folders.end(), [&](const FolderInfo& f) { return f.name == name; });
    if (there != folders.end()) return *there;
    const std::string separator = folders.empty() ? std::string() : folders.front().separator;
    return session.create_folder(path_of(name, separator));
}

void move_to_trash(
    SyncContext& context, Side side, std::span<const Removal> removals, Outcomes& outcomes)
{
    FolderIndex trash = 0;
    with_session(
        *context.sessions[side],
        [&](Session& session) { trash = trash_folder(context, side, session).index; },
        [] { return false; });
    send_all<Move>(
        *context.sessions[side], outcomes,
        [&](std::size_t i) {
            const Removal& removal = removals[i];
            return Move {{context.folder(removal.pair, side), removal.id[side]}, trash, {}};
        },
        [&](Session& session, const std::vector<Move>& moves) { session.move(moves, outcomes); });
}

}  // namespace

void take_to_trash(
    SyncContext& context, Side side, std::span<const Removal> removals, Outcomes& outcomes)
{
    if (context.abilities[side].has(Capability::move))
        return move_to_trash(context, side, removals, outcomes);
    work_on_all(*context.sessions[side], outcomes, [&](Session& session) {
        const auto trash = trash_folder(context, side, session);
        TrashCopier(context, side, removals, outcomes, session, trash).run();
    });
}

void forget_trashing(
    SyncContext& context, Side side, std::span<const Removal> removals, const Outcomes& outcomes)
{
    std::map<PairIndex, std::vector<MessageId>> gone;
    for (std::size_t i = 0; i < removals.size(); ++i)
        if (outcomes.succeeded(i)) gone[removals[i].pair].push_back(removals[i].id[side]);
    for (const auto& [pair, ids] : gone)
        context.memory.forget_trashing(pair, side, ids);
}

}  // namespace offlineimap::sync
