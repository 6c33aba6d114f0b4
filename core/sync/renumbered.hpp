// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "account_sync.hpp"
#include "context.hpp"
#include "gather.hpp"
#include "in_doubt.hpp"
#include "recovery.hpp"

#include <functional>
#include <map>

namespace offlineimap::sync {

/// The epochs of an account's folders, and the folders of which a side has begun a new one. One
/// thread at a time.
class Renumbered {
public:
    Renumbered(SyncContext& context, const SyncRules& rules);

    /// Those of the sides asked for. Throws io, corrupt.
    Both<std::string> kept_epochs(PairIndex pair, const Both<bool>& sides) const;
    /// Whether a side that was asked is in another epoch than the kept one.
    static bool has_new_ids(const Inquiry& inquiry, const Both<Listing>& listing);
    /// False where an epoch is another than the kept one, or none was kept of the ids that are
    /// known: ids mean nothing then, and recover() sees to the pair. Otherwise the epochs are kept.
    bool has_valid_ids(const Inquiry& inquiry, const Both<Listing>& listing);
    /// Looks at those pairs as a whole, by content. What could be put together again can be planned
    /// as any other. Where there is another folder now (FolderPair::is_replaced), which is a
    /// failure and is said, only what was known and is not in it can be planned, as of one that is
    /// gone.
    using Planner = std::function<void(FolderChanges)>;
    void recover(const Planner& recovered);
    /// What could not be put together again in this run.
    const InDoubt& in_doubt() const noexcept { return in_doubt_; }

private:
    bool are_unproven(Side side, const Inquiry& inquiry, const Both<Listing>& listing) const;
    void give_up(PairIndex pair, const AnotherFolder& another);
    Recovered recover(PairIndex pair, const Both<bool>& renumbered, Both<Listing> listing);
    void keep_validity(PairIndex pair, const Both<Listing>& listing);

    SyncContext& context_;
    const Rehearsal rehearsal_;
    Both<FolderValidity> validity_;
    std::map<PairIndex, Both<bool>> renumbered_;
    InDoubt in_doubt_;
};

}  // namespace offlineimap::sync
