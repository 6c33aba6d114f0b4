// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <map>
#include <set>
#include <string>

namespace offlineimap::sync {

/// Messages that the user does not want to be copied. Each folder is asked for once in a run, and
/// only where something is to be copied out of it, or was left out before.
class Ignored {
public:
    explicit Ignored(const SyncContext& context) : context_(context) { }

    /// What was left out of a side in earlier runs. True: all of it is to be left out still. Throws
    /// config.
    bool load(PairIndex pair, Side side, const std::string& note);
    /// Takes copies out of the plan. Throws config.
    void take_out(Plan& plan);
    /// What is left out now, for the next run.
    [[nodiscard]] std::string note(PairIndex pair, Side side) const;

private:
    using Place = std::pair<PairIndex, Side>;
    const std::set<MessageId>& of(const Place& place);

    const SyncContext& context_;
    std::map<Place, std::set<MessageId>> answers_, left_out_;
};

}  // namespace offlineimap::sync
