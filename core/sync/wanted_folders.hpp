// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "account_sync.hpp"
#include "approval.hpp"
#include "context.hpp"
#include "second_look.hpp"

#include <set>

namespace offlineimap::sync {

/// The folders that one side lacks: in the order of the functions, they are made, unless it looks
/// as if the side had lost them by mistake. `approval`: nullptr, or what may be made.
class WantedFolders {
public:
    WantedFolders(
        const SyncRules& rules, SyncContext& context, StatusStore& store,
        const std::vector<WantedFolder>& wanted, std::set<std::string> looked_for);

    /// The folders that were gone, may not be made and have been looked for: they take no part.
    static std::set<std::string> looked_for(const std::vector<Note>& notes);
    /// Throws stopped.
    void refuse_if_most_are_gone() const;
    /// Marks those that were there before: see FolderPair::gone_on.
    void find_gone();
    /// Makes the others.
    void create(Approval* approval);
    /// Whether some of those are to be made again when all folders have told. Not in a run that
    /// looks at some folders only: what was in them may be in the others.
    bool waits() const;
    /// What a folder is gone for is no deletion, and what is to come there waits until it has been
    /// made again; a dry run tells of it at once. Returns whether moves wait: those are to be
    /// found anew then.
    enum class Moves : std::uint8_t { none_waits, wait };
    Moves put_off(Plan& plan) const;
    /// Makes those that were there before, unless something of what was in them is still on its
    /// way, or waits for another one of them to be made. Returns them: they are to be filled again.
    std::vector<PairIndex> create_again(
        Approval* approval, const std::set<PairIndex>& unsettled, const SecondLook& second_look);
    /// All folders have told: what was in those that may not be made is not looked for again. Their
    /// records stay: the folder may be on a disk that is not mounted.
    void leave_gone() const;
    void forget_those_that_came_back() const;
    /// What is not made again waits for the next run, which is said.
    void finish() const;

private:
    struct Wanted {
        WantedFolder folder;
        PairIndex pair = 0;
    };
    bool lacks_any() const;
    /// In a dry run: it would be made again at the end.
    bool is_told_now(const FolderPair& pair) const { return rules_.dry_run && !pair.stays_gone; }
    PairIndex find(const WantedFolder& wanted) const;
    std::vector<PairIndex>
    create_again(Approval* approval, const std::vector<const Wanted*>& folders);
    void create(const Wanted& wanted, Approval* approval);
    void make(const Wanted& wanted);
    void forget_records(PairIndex index);

    const SyncRules& rules_;
    SyncContext& context_;
    StatusStore& store_;
    const std::set<std::string> looked_for_;
    std::vector<Wanted> wanted_;
};

}  // namespace offlineimap::sync
