// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_pair.hpp"
#include "memory.hpp"
#include "plan.hpp"
#include "report.hpp"
#include "sessions.hpp"
#include "stop_signs.hpp"

#include <algorithm>

namespace offlineimap::sync {

/// What every phase of a run works with. References outlive the run.
struct SyncContext {
    Both<SessionPool*> sessions;
    Both<Capabilities> abilities;
    Both<SideRules> rules;
    std::vector<FolderPair>& pairs;
    KeywordSets& keywords;
    Memory& memory;
    Report& report;
    StopSigns& stop;

    bool takes_ids(Side side) const { return abilities[side].has(Capability::takes_ids); }
    /// There is no such folder now: nothing goes there, and nothing there can be asked for.
    bool is_gone(PairIndex pair, Side side) const { return pairs[pair].gone_on == side; }
    /// False as well for one that a dry run would make.
    bool has_folder(PairIndex pair, Side side) const
    {
        return !is_gone(pair, side) && !pairs[pair].folder[side].path.empty();
    }
    /// Throws internal where there is none: its index would be that of another one.
    FolderIndex folder(PairIndex pair, Side side) const
    {
        const FolderInfo& folder = pairs[pair].folder[side];
        if (folder.path.empty())
            throw Error(Errc::internal, "folder " + folder.name + ": is used before it is made");
        return folder.index;
    }
    bool has_new_numbers_anywhere() const
    {
        return std::any_of(pairs.begin(), pairs.end(), [](const FolderPair& pair) {
            return pair.was_renumbering;
        });
    }
    /// Header fields that a message loses on its way to this side.
    const std::vector<std::string>& left_out_fields(Side to) const
    {
        static const std::vector<std::string> none;
        return takes_ids(to) ? none : rules[to].filter_headers;
    }
    const std::string& repository(Side side) const { return report.repository(side); }
};

}  // namespace offlineimap::sync
