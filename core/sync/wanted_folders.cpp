// SPDX-License-Identifier: Apache-2.0
#include "wanted_folders.hpp"

#include "tokens.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace offlineimap::sync {
namespace {

constexpr auto gone_note = "gone";

}  // namespace

WantedFolders::WantedFolders(
    const SyncRules& rules, SyncContext& context, StatusStore& store,
    const std::vector<WantedFolder>& wanted, std::set<std::string> looked_for)
    : rules_(rules), context_(context), store_(store), looked_for_(std::move(looked_for))
{
    for (const WantedFolder& one : wanted) {
        wanted_.push_back({one, find(one)});
        FolderPair& pair = context_.pairs[wanted_.back().pair];
        pair.fresh = one.on;
        pair.folder[one.on].name = one.name;
        pair.may_be_made = one.may_be_made;
    }
}

std::set<std::string> WantedFolders::looked_for(const std::vector<Note>& notes)
{
    std::set<std::string> folders;
    for (const Note& note : notes)
        if (note.name == gone_note) folders.insert(note.folder);
    return folders;
}

PairIndex WantedFolders::find(const WantedFolder& wanted) const
{
    const auto& pairs = context_.pairs;
    const auto it = std::find_if(pairs.begin(), pairs.end(), [&](const FolderPair& pair) {
        return pair.status_name == wanted.status_name;
    });
    return static_cast<PairIndex>(it - pairs.begin());
}

/// A folder that is gone is made again. When most are, it is not people who removed them.
void WantedFolders::refuse_if_most_are_gone() const
{
    const auto remembered = store_.folders();
    const std::set<std::string> known(remembered.begin(), remembered.end());
    Both<std::size_t> gone;
    std::size_t all = 0;
    for (const FolderPair& pair : context_.pairs)
        all += pair.is_chosen && known.contains(pair.status_name);
    for (const auto& [folder, index] : wanted_) {
        const FolderPair& pair = context_.pairs[index];
        gone[folder.on] += pair.is_chosen && known.contains(pair.status_name);
    }
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

/// What was in them may be in other folders by now: their records tell which messages it was.
void WantedFolders::find_gone()
{
    const auto remembered = store_.folders();
    const std::set<std::string> known(remembered.begin(), remembered.end());
    for (const auto& [folder, index] : wanted_) {
        FolderPair& pair = context_.pairs[index];
        if (!known.contains(pair.status_name)) continue;
        pair.gone_on = folder.on;
        pair.stays_gone = rules_.reach == SyncRules::Reach::chosen_ones || !folder.may_be_made;
    }
}

bool WantedFolders::lacks_any() const
{
    const auto& pairs = context_.pairs;
    return std::any_of(pairs.begin(), pairs.end(), [](const FolderPair& pair) {
        return pair.gone_on.has_value();
    });
}

bool WantedFolders::waits() const
{
    return std::any_of(wanted_.begin(), wanted_.end(), [&](const Wanted& wanted) {
        const FolderPair& pair = context_.pairs[wanted.pair];
        return pair.gone_on && !pair.stays_gone;
    });
}

WantedFolders::Moves WantedFolders::put_off(Plan& plan) const
{
    if (!lacks_any()) return Moves::none_waits;
    const auto waits = [&](PairIndex pair, Side side) {
        return context_.is_gone(pair, side) && !is_told_now(context_.pairs[pair]);
    };
    std::vector<Copy> later;
    std::erase_if(plan.removals, [&](Removal& removal) {
        const Side to = other(removal.from);
        if (!context_.is_gone(removal.pair, to)) return false;
        removal.carried |= context_.memory.is_carried(removal.pair, removal.id.right);
        if (removal.carried || removal.awaits_folder) return false;
        later.push_back({removal.pair, to, removal.id[removal.from], removal.now});
        return true;
    });
    plan.copies.insert(plan.copies.end(), later.begin(), later.end());
    std::erase_if(plan.copies, [&](const Copy& copy) { return waits(copy.pair, copy.to); });
    // Should it be there again some day, the records tell what is to be removed from it.
    std::erase_if(plan.forgotten, [&](const Forgotten& forgotten) {
        const FolderPair& pair = context_.pairs[forgotten.pair];
        return pair.gone_on && !pair.may_be_made;
    });
    const auto waiting = std::erase_if(
        plan.transfers, [&](const Transfer& transfer) { return waits(transfer.to, transfer.on); });
    return waiting == 0 ? Moves::none_waits : Moves::wait;
}

std::vector<PairIndex> WantedFolders::create_again(
    Approval* approval, const std::set<PairIndex>& unsettled, const SecondLook& second_look)
{
    std::vector<const Wanted*> now, later;
    for (const Wanted& wanted : wanted_) {
        const FolderPair& pair = context_.pairs[wanted.pair];
        if (!pair.gone_on || pair.stays_gone || context_.report.is_held_back(wanted.pair)) continue;
        if (unsettled.contains(wanted.pair)) continue;
        (second_look.is_waiting(wanted.pair) ? later : now).push_back(&wanted);
    }
    // Where each waits for another one, what they wait for comes back.
    return create_again(approval, now.empty() ? later : now);
}

std::vector<PairIndex>
WantedFolders::create_again(Approval* approval, const std::vector<const Wanted*>& folders)
{
    std::vector<PairIndex> made;
    for (const Wanted* const wanted : folders) {
        FolderPair& pair = context_.pairs[wanted->pair];
        // Before it is made: a run that ends between the two must not find records without a
        // folder.
        forget_records(wanted->pair);
        pair.gone_on.reset();
        create(*wanted, approval);
        made.push_back(wanted->pair);
    }
    return made;
}

void WantedFolders::leave_gone() const
{
    std::vector<Note> notes;
    for (const auto& [folder, index] : wanted_) {
        const FolderPair& pair = context_.pairs[index];
        if (pair.may_be_made || !pair.gone_on || context_.report.is_held_back(index)) continue;
        const Both<std::string>& repositories = rules_.repositories;
        context_.report.log(
            Level::warning,
            "folder " + folder.name + " [" + repositories[folder.on]
                + "]: it is gone, and may not be made again (createfolders, readonly); what came "
                  "to no other folder stays in "
                + repositories[other(folder.on)]);
        notes.push_back({pair.status_name, gone_note, "1"});
    }
    context_.memory.put(notes);
}

void WantedFolders::forget_those_that_came_back() const
{
    std::vector<Note> notes;
    for (const FolderPair& pair : context_.pairs)
        if (!pair.gone_on && looked_for_.contains(pair.status_name))
            notes.push_back({pair.status_name, gone_note, {}});
    context_.memory.put(notes);
}

void WantedFolders::finish() const
{
    const std::string why = rules_.reach == SyncRules::Reach::all_folders
        ? "where its messages are could not be found out yet; the next run makes it again"
        : "its messages may be in folders that this run was not to look at; the next run without "
          "-f finds them, or makes it again";
    for (const auto& [folder, pair] : wanted_) {
        if (!context_.pairs[pair].gone_on || context_.report.is_held_back(pair)) continue;
        if (!context_.pairs[pair].is_chosen)
            context_.report.hold_back(pair);
        else
            context_.report.failed(
                pair,
                Error(
                    Errc::unavailable, Scope::folder, Retry::later,
                    "folder " + folder.name + " [" + rules_.repositories[folder.on]
                        + "]: it is gone, and " + why));
    }
}

void WantedFolders::create(Approval* approval)
{
    for (const Wanted& wanted : wanted_)
        if (!context_.pairs[wanted.pair].gone_on || is_told_now(context_.pairs[wanted.pair]))
            create(wanted, approval);
}

void WantedFolders::create(const Wanted& wanted, Approval* approval)
{
    const auto& [folder, index] = wanted;
    if (approval && !approval->allows_making(index, folder.on)) return;
    context_.report.say(
        EventKind::folder_created, folder.on, folder.name,
        (rules_.dry_run ? "[DRYRUN] Creating folder " : "Creating folder ") + folder.name + "["
            + rules_.repositories[folder.on] + "]");
    if (!rules_.dry_run) make(wanted);
}

void WantedFolders::make(const Wanted& wanted)
{
    const WantedFolder& folder = wanted.folder;
    try {
        const auto create = [&](Session& session) {
            context_.pairs[wanted.pair].folder[folder.on] = session.create_folder(folder.path);
        };
        with_session(*context_.sessions[folder.on], create, [] { return false; });
        Counts counts;
        counts.folders_created = 1;
        context_.report.add(counts);
    } catch (const Error& error) {
        if (error.scope() > Scope::folder) throw;
        context_.report.failed(wanted.pair, error);
    }
}

/// A folder that was removed on one side is made again and filled again, never emptied on the
/// other: its records are void.
void WantedFolders::forget_records(PairIndex index)
{
    FolderPair& pair = context_.pairs[index];
    context_.report.log(
        Level::warning,
        "folder " + pair.name
            + " was removed on one side; it is made there again, and nothing is deleted on the "
              "other");
    pair.kept = {};
    auto notes = notes_without_tokens(pair);
    std::ranges::copy(context_.memory.take_carried(index), std::back_inserter(notes));
    context_.memory.put(notes);  // first: nothing of it was seen any more
    std::vector<MessageId> old;
    for (const Known& known : context_.memory.load(index))
        old.push_back(known.id.right);
    context_.memory.apply(index, {}, old);
}

}  // namespace offlineimap::sync
