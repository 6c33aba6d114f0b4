// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace offlineimap::sync {

// An IMAP session has one folder open at a time: each costs it a turn. Several sessions share them.

/// With how many sessions so many folders are done at once. To open one takes several turns too.
inline std::size_t sessions_for(std::size_t folders, unsigned limit)
{
    constexpr std::size_t worth_a_session = 8;
    return std::min<std::size_t>(limit, (folders + worth_a_session - 1) / worth_a_session);
}

/// Cuts `items`, which are sorted by pair, into a span for each session, none within a pair.
template <class Item>
std::vector<std::span<const Item>> shares(std::span<const Item> items, unsigned limit)
{
    std::vector<std::size_t> begins;  // of each pair
    for (std::size_t i = 0; i < items.size(); ++i)
        if (i == 0 || items[i].pair != items[i - 1].pair) begins.push_back(i);
    std::vector<std::span<const Item>> out(sessions_for(begins.size(), limit));
    const auto begin = [&](std::size_t share) {
        return share == out.size() ? items.size() : begins[share * begins.size() / out.size()];
    };
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = items.subspan(begin(i), begin(i + 1) - begin(i));
    return out;
}

}  // namespace offlineimap::sync
