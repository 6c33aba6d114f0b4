// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "renumbered.hpp"
#include "twins.hpp"

#include <set>

namespace offlineimap::sync {

/// What an account has and nobody can look at now: folders that do not tell, messages that are not
/// given. What may be one of those waits. One thread at a time.
class Hidden {
public:
    Hidden(const SyncRules& rules, SyncContext& context, const Renumbered& renumbered)
        : rules_(rules), context_(context), renumbered_(renumbered)
    {
    }

    /// After Tokens::load(). Drops the notes of the last run: one that does not reach its end
    /// leaves none, for nobody waited in it.
    void begin();
    /// `untold`: the pairs that did not tell in a pass. What may be in a folder that does not tell
    /// is waited for in one run: it may never tell. But what was in one that is gone on one side
    /// may be anywhere there, as long as the other does not tell.
    void mark(const std::set<PairIndex>& untold, const Lookup& lookup, Plan& plan);
    /// After find_carried(). What waits for a message that cannot be read is looked up again as
    /// long as it takes: a note says so.
    void remember_awaiting(const Lookup& lookup, const Plan& plan);
    /// Pairs in which something waits.
    const std::set<PairIndex>& awaited() const noexcept { return awaited_; }
    /// At the end of a run: notes the folders that did not tell.
    void finish() const;

private:
    void say_once(PairIndex pair, const std::string& text);
    void note(const std::set<PairIndex>& pairs, const char* value) const;

    const SyncRules& rules_;
    SyncContext& context_;
    const Renumbered& renumbered_;
    std::set<PairIndex> mute_, awaited_, said_;
};

/// Whether newcomers of both sides in a pair may be the same: somebody brought them, or a record is
/// missing.
bool may_be_known(const Lookup& lookup, const Plan& plan, PairIndex pair);

/// Whether a newcomer may be one that the side it would go to has and does not give. `is_orphan`:
/// it has an id of that side, which knows it no more.
bool may_be_unread(const Lookup& lookup, const Plan& plan, const Copy& copy, bool is_orphan);

}  // namespace offlineimap::sync
