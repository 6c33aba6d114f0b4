// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "account_repair.hpp"
#include "doubles.hpp"

#include <map>

namespace offlineimap::core {

/// Tells which messages of a folder are there twice, and removes all but one if that is asked for.
class DoublesRepair {
public:
    /// The arguments outlive it.
    DoublesRepair(
        const sync::SyncRules& rules, const RepairRules& repair, sync::SyncContext& context)
        : rules_(rules), repair_(repair), context_(context)
    {
    }

    /// `listing`: everything that both sides have. Throws what ends the folder or the account.
    void run(sync::PairIndex index, const sync::Both<sync::Listing>& listing);

private:
    /// Doubles that are not kept.
    using Extras = std::map<MessageId, sync::Marks>;
    /// By the id on each side.
    using Records = sync::Both<std::map<MessageId, sync::Known>>;

    void
    explain(sync::PairIndex index, sync::Side side, const std::vector<sync::Entry>& group) const;
    Extras choose(
        sync::PairIndex index, sync::Side side, const std::vector<sync::Entry>& group,
        const Records& records, sync::Plan& plan);
    void remove_doubles(sync::PairIndex index, const sync::Both<Doubles>& doubles);
    std::string place(sync::PairIndex index, sync::Side side) const;

    const sync::SyncRules& rules_;
    const RepairRules& repair_;
    sync::SyncContext& context_;
};

}  // namespace offlineimap::core
