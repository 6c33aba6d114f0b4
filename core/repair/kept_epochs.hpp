// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sync/account_sync.hpp"
#include "core/sync/context.hpp"
#include "core/sync/validity.hpp"

namespace offlineimap::core {

/// The epochs (UIDVALIDITY) under which the records of an account were made.
class KeptEpochs {
public:
    /// The arguments outlive it.
    KeptEpochs(const sync::SyncRules& rules, sync::SyncContext& context);

    /// On which sides the ids are not those of the records any more.
    sync::Both<bool> renumbered(sync::PairIndex pair, const sync::Both<sync::Listing>& listing);
    /// Not in a dry run.
    void keep(sync::PairIndex pair, const sync::Both<sync::Listing>& listing) const;

private:
    std::string load(sync::PairIndex pair, sync::Side side);
    bool names_claim(sync::PairIndex pair, const sync::Both<sync::Listing>& listing) const;
    bool
    have_the_sizes_of_records(sync::PairIndex pair, const sync::Both<sync::Listing>& listing) const;

    const sync::SyncRules& rules_;
    sync::SyncContext& context_;
    const sync::Both<sync::FolderValidity> validity_;
};

}  // namespace offlineimap::core
