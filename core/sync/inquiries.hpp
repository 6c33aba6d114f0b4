// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_lists.hpp"
#include "gather.hpp"
#include "renumbered.hpp"
#include "second_look.hpp"
#include "tokens.hpp"

#include <set>

namespace offlineimap::sync {

/// Decides which sides of which pairs have to tell what changed.
class Inquiries {
public:
    enum class Pass : std::uint8_t { first, sequel };

    /// All of them outlive it.
    Inquiries(
        const SyncRules& rules, SyncContext& context, const Tokens& tokens,
        const FolderLists& lists, const Renumbered& renumbered, const SecondLook& second_look)
        : rules_(rules)
        , context_(context)
        , tokens_(tokens)
        , lists_(lists)
        , renumbered_(renumbered)
        , second_look_(second_look)
    {
    }

    /// Of a pass. `unsettled`: pairs in which something was not seen to end.
    std::vector<Inquiry> make(Pass pass, const std::set<PairIndex>& unsettled);
    /// Those that could not be asked in the last pass, and may hold anything: a folder of theirs
    /// could not be made, or what is kept of it cannot be read.
    const std::set<PairIndex>& mute() const noexcept { return mute_; }
    /// False: the run was limited to other folders.
    bool is_touched(PairIndex pair) const;

private:
    bool is_whole(PairIndex pair) const;
    bool wants(PairIndex pair, Side side, Pass pass, const std::set<PairIndex>& unsettled) const;

    const SyncRules& rules_;
    SyncContext& context_;
    const Tokens& tokens_;
    const FolderLists& lists_;
    const Renumbered& renumbered_;
    const SecondLook& second_look_;
    std::set<PairIndex> mute_;
};

}  // namespace offlineimap::sync
