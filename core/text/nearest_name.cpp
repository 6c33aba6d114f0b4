// SPDX-License-Identifier: Apache-2.0
#include "nearest_name.hpp"

#include "strings.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

namespace offlineimap::core {

namespace {

/// How many letters must be added, lost, changed or swapped with their neighbour.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t {0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last.swap(last);
        last.swap(row);
    }
    return last[b.size()];
}

}  // namespace

std::string_view nearest_name(std::string_view name, std::span<const std::string> candidates)
{
    // A third of the letters wrong is a slip; more is another word.
    std::size_t best = std::max<std::size_t>(1, name.size() / 3) + 1;
    std::string_view nearest;
    for (const auto& candidate : candidates) {
        const auto slips = distance(lower(name), lower(candidate));
        if (slips >= best || slips >= candidate.size()) continue;
        best = slips;
        nearest = candidate;
    }
    return nearest;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates)
{
    const auto nearest = nearest_name(name, candidates);
    return nearest.empty() ? std::string() : concat(", did you mean ", in_quotes(nearest));
}

}  // namespace offlineimap::core
