// SPDX-License-Identifier: Apache-2.0
#include "folder_lists.hpp"

#include "threads.hpp"

#include <algorithm>

namespace offlineimap::sync {

void FolderLists::list()
{
    run_side_by_side(
        2, [this](std::size_t i) { list(both_sides[i]); },
        [this] { context_.report.worker_ends(); });
}

void FolderLists::list(Side side)
{
    SessionPool& sessions = *context_.sessions[side];
    const auto ask = [&](Session& session) {
        try {
            context_.abilities[side] = session.capabilities();
            first_[side] = session.folders();
        } catch (const Error& error) {
            // One held since the last run may be dead: then so are the others.
            if (error.scope() >= Scope::session) sessions.close();
            throw;
        }
    };
    try {
        with_session(sessions, ask, [] { return false; });
    } catch (const Error& error) {
        // A local root that is not there yet: its folders are made as they come.
        if (side == Side::right || error.code() != Errc::not_found) throw;
        sessions.close();
    }
}

bool FolderLists::list_again()
{
    Both<bool> all_known {true, true};
    run_side_by_side(2, [&](std::size_t i) {
        const Side side = both_sides[i];
        std::vector<FolderInfo> now;
        with_session(
            *context_.sessions[side], [&](Session& session) { now = session.folders(); },
            [] { return false; });
        tokens_[side].clear();
        for (const FolderInfo& folder : now) {
            tokens_[side][folder.index] = folder.token;
            if (!knows(side, folder)) all_known[side] = false;
        }
    });
    return all_known.left && all_known.right;
}

/// Listed before, made by this run, or above one of those that were made.
bool FolderLists::knows(Side side, const FolderInfo& folder) const
{
    const auto is_it = [&](const FolderInfo& other) { return other.path == folder.path; };
    if (std::any_of(first_[side].begin(), first_[side].end(), is_it)) return true;
    if (folder.name == context_.rules[side].trash) return true;
    return std::any_of(context_.pairs.begin(), context_.pairs.end(), [&](const FolderPair& pair) {
        const FolderPath& path = pair.folder[side].path;
        return path.size() >= folder.path.size()
            && std::equal(folder.path.begin(), folder.path.end(), path.begin());
    });
}

std::string FolderLists::token(PairIndex pair, Side side) const
{
    const auto it = tokens_[side].find(context_.folder(pair, side));
    return it == tokens_[side].end() ? std::string() : it->second;
}

}  // namespace offlineimap::sync
