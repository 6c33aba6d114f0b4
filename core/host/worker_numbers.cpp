// SPDX-License-Identifier: Apache-2.0
#include "worker_numbers.hpp"

#include <algorithm>

namespace offlineimap::core {

std::uint32_t WorkerNumbers::lowest_free() const
{
    for (std::uint32_t number = 1;; ++number)
        if (std::ranges::none_of(numbers_, [&](const auto& n) { return n.second == number; }))
            return number;
}

std::uint32_t WorkerNumbers::of_this_thread(std::string_view account)
{
    const auto thread = std::this_thread::get_id();
    if (const auto known = numbers_.find(thread); known != numbers_.end()) return known->second;
    if (account.empty()) return 0;
    const auto number = lowest_free();
    numbers_.emplace(thread, number);
    return number;
}

std::uint32_t WorkerNumbers::release()
{
    const auto known = numbers_.find(std::this_thread::get_id());
    if (known == numbers_.end()) return 0;
    const auto number = known->second;
    numbers_.erase(known);
    return number;
}

}  // namespace offlineimap::core
