// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "uid_set.hpp"

#include <vector>

namespace offlineimap::imap {

/// How many different UIDs there were. Ascending ones, as servers list them, cost next to nothing.
class UidTally {
public:
    void add(Uid uid)
    {
        if (count_ > 0 && uid <= last_) {
            if (uid < last_) others_.push_back(uid);
            return;
        }
        ascending_.add(uid);
        last_ = uid;
        ++count_;
    }
    /// The same, counting what came out of order each time.
    [[nodiscard]] std::uint64_t at_most() const noexcept { return count_ + others_.size(); }
    [[nodiscard]] std::uint64_t size() const
    {
        if (others_.empty()) return count_;
        auto all = UidSet(others_);
        all.add(ascending_);
        return all.size();
    }

private:
    UidSet ascending_;
    std::vector<Uid> others_;
    std::uint64_t count_ = 0;
    Uid last_ = 0;
};

}  // namespace offlineimap::imap
