// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <unordered_set>
#include <vector>

namespace offlineimap::imap {

/// What all the different sets of keywords of a session take. Messages share a few; a server that
/// makes up new ones for each would fill the memory.
class KeywordBudget {
public:
    /// False when there are more than anybody has.
    [[nodiscard]] bool spend(const std::vector<std::string>& keywords)
    {
        if (keywords.empty()) return true;
        std::size_t bytes = sizeof(std::vector<std::string>), hash = keywords.size();
        for (const auto& keyword : keywords) {
            bytes += sizeof(std::string) + keyword.size();
            hash = hash * 31 + std::hash<std::string>()(keyword);
        }
        if (seen_.insert(hash).second) spent_ += bytes;
        return spent_ <= most;
    }

private:
    static constexpr std::size_t most = std::size_t {16} << 20;

    std::unordered_set<std::size_t> seen_;
    std::size_t spent_ = 0;
};

}  // namespace offlineimap::imap
