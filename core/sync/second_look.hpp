// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

#include <set>

namespace offlineimap::sync {

/// Removals of messages that the other side has edited since: a deletion wins over an edit, but not
/// a move, and a message that was carried to a folder that had been listed already looks removed.
/// So each is done only in a pass that began after the one that found it, with all folders that are
/// there by then: they were listed after the message was gone, and a move is recognised as one.
/// One whose text comes to a folder that is yet to be made waits for that.
class SecondLook {
public:
    explicit SecondLook(SyncContext& context) : context_(context) { }

    /// Takes those out of the plan that no earlier pass had found. True when there were any, so
    /// that another pass is needed.
    bool put_off(Plan& plan);
    bool is_waiting(PairIndex pair) const { return waiting_.contains(pair); }
    /// What is still put off waits for the next run.
    void finish();

private:
    SyncContext& context_;
    std::set<std::pair<PairIndex, MessageId>> found_;
    std::set<PairIndex> waiting_;
};

}  // namespace offlineimap::sync
