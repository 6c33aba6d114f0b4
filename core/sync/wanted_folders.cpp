// SPDX-License-Identifier: Apache-2.0
#include "wanted_folders.hpp"

#include <algorithm>
#include <set>

namespace offlineimap::sync {

WantedFolders::WantedFolders(
    const SyncRules& rules, SyncContext& context, StatusStore& store,
    std::vector<WantedFolder> wanted)
    : rules_(rules), context_(context), store_(store), wanted_(std::move(wanted))
{
    for (const WantedFolder& one : wanted_)
        find(one).fresh = true;
}

/// A folder that is gone is made again. When most are, it is not people who removed them.
void WantedFolders::refuse_if_most_are_gone()
{
    const auto remembered = store_.folders();
    const std::set<std::string> known(remembered.begin(), remembered.end());
    Both<std::size_t> gone;
    std::size_t all = 0;
    for (const FolderPair& pair : context_.pairs)
        all += known.contains(pair.status_name);
    for (const WantedFolder& one : wanted_)
        gone[one.on] += known.contains(find(one).status_name);
    constexpr std::size_t few = 3;
    for (const Side side : both_sides)
        if (gone[side] >= few && gone[side] * 2 > all && !rules_.budgets().of(side).unlimited())
            throw Error(
                Errc::stopped, Scope::repository, Retry::never,
                "repository " + rules_.repositories[side] + " lacks " + std::to_string(gone[side])
                    + " of " + std::to_string(all)
                    + " folders that were synchronised before: a disk that is not mounted, a wrong "
                      "path or a broken server? Nothing was changed. If they were removed on "
                      "purpose, this makes them again and fills them: "
                    + approval_command(context_, rules_.budgets()));
}

FolderPair& WantedFolders::find(const WantedFolder& wanted)
{
    return *std::find_if(context_.pairs.begin(), context_.pairs.end(), [&](const FolderPair& p) {
        return p.folder[wanted.on].path.empty() && p.name == wanted.name;
    });
}

void WantedFolders::create(Approval* approval)
{
    for (const WantedFolder& wanted : wanted_)
        create(wanted, approval);
}

void WantedFolders::create(const WantedFolder& wanted, Approval* approval)
{
    FolderPair* const pair = &find(wanted);
    pair->folder[wanted.on].name = wanted.name;
    const auto index = static_cast<PairIndex>(pair - context_.pairs.data());
    if (approval && !approval->allows_making(index, wanted.on)) return;
    context_.report.say(
        EventKind::folder_created, wanted.on, wanted.name,
        (rules_.dry_run ? "[DRYRUN] Creating folder " : "Creating folder ") + wanted.name + "["
            + rules_.repositories[wanted.on] + "]");
    if (!rules_.dry_run) make(wanted, index);
}

void WantedFolders::make(const WantedFolder& wanted, PairIndex index)
{
    try {
        const auto create = [&](Session& session) {
            context_.pairs[index].folder[wanted.on] = session.create_folder(wanted.path);
        };
        with_session(*context_.sessions[wanted.on], create, [] { return false; });
        Counts counts;
        counts.folders_created = 1;
        context_.report.add(counts);
    } catch (const Error& error) {
        if (error.scope() > Scope::folder) throw;
        context_.report.failed(index, error);
    }
}

/// A folder that was removed on one side is made again and filled again, never emptied on the
/// other: its records are void.
void WantedFolders::forget_records()
{
    const auto remembered = store_.folders();
    for (PairIndex i = 0; i < context_.pairs.size(); ++i) {
        FolderPair& pair = context_.pairs[i];
        const auto known = std::find(remembered.begin(), remembered.end(), pair.status_name);
        const bool is_made = rules_.dry_run || !context_.report.is_held_back(i);
        if (!pair.fresh || !is_made || known == remembered.end()) continue;
        context_.report.log(
            Level::warning,
            "folder " + pair.name
                + " was removed on one side; it is made there again, and nothing is deleted on the "
                  "other");
        pair.kept = {};
        if (!rules_.dry_run) store_.erase(pair.status_name);
    }
}

}  // namespace offlineimap::sync
