// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "marks.hpp"

#include <optional>
#include <string>

namespace offlineimap::sync {

/// Counts into the pairs of a run.
using PairIndex = std::uint32_t;

/// What the last run kept of one side of a pair.
struct Kept {
    std::string token, quick_token;
    Storable storable;
};

/// Two folders that are kept equal.
struct FolderPair {
    std::string name;         ///< for people: the remote folder's
    std::string status_name;  ///< its memory in the status store
    Both<FolderInfo> folder;
    Both<Kept> kept;
    Both<Storable> storable;       ///< as listed in this run, else as kept
    bool was_storing = false;      ///< an earlier run, or pass, did not see a message's storing end
    bool was_renumbering = false;  ///< recover() began in this run, or in one that did not end
    bool was_mute = false;         ///< the last run could not find out what is in it
    bool lost_epoch = false;       ///< nothing tells of which epoch the known ids are
    std::optional<Side> fresh;     ///< made on this side in this run: there is nothing to remember
    /// A side that had it and has it no longer. It is made there again as soon as what was in it
    /// has been looked for everywhere else: people rename folders.
    std::optional<Side> gone_on;
    /// Not in this run: it does not look everywhere, another folder has taken the name, or it may
    /// not be made.
    bool stays_gone = false;
    bool is_replaced = false;  ///< there is another folder of that name
    bool may_be_made = true;   ///< see FolderRules::create
    /// False: the run is about other folders, but what was in this one, which is gone, may be
    /// there.
    bool is_chosen = true;
};

}  // namespace offlineimap::sync
