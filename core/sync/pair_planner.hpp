// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "account_sync.hpp"
#include "context.hpp"
#include "gather.hpp"
#include "mapped_ids.hpp"
#include "renumbered.hpp"
#include "tokens.hpp"
#include "twins.hpp"

namespace offlineimap::sync {

/// Plans pairs from what their sides told, with what is known of them. One thread at a time.
class PairPlanner {
public:
    /// All of them outlive it. `lookup`: takes what is to be compared by content.
    PairPlanner(
        const SyncRules& rules, SyncContext& context, MappedIds& mapped_ids, Renumbered& renumbered,
        Tokens& tokens, Lookup& lookup)
        : rules_(rules)
        , context_(context)
        , mapped_ids_(mapped_ids)
        , renumbered_(renumbered)
        , tokens_(tokens)
        , lookup_(lookup)
    {
    }

    /// False when the pair has void ids, so that Renumbered::recover() sees to it.
    bool plan(const Inquiry& inquiry, Both<Listing> listing, Plan& plan);
    void plan_recovered(const FolderChanges& changes, Plan& plan);

private:
    void take_over(const Inquiry& inquiry, Both<Listing>& listing);
    std::vector<Known> known(PairIndex pair, const Both<Listing>& listing);
    void forget_old_numbers(PairIndex pair);
    bool may_hold_twins(const FolderChanges& changes);
    void add(const FolderChanges& changes, Plan& plan);

    const SyncRules& rules_;
    SyncContext& context_;
    MappedIds& mapped_ids_;
    Renumbered& renumbered_;
    Tokens& tokens_;
    Lookup& lookup_;
};

}  // namespace offlineimap::sync
