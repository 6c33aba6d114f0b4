// SPDX-License-Identifier: Apache-2.0
#include "narrowing.hpp"

#include <algorithm>

namespace offlineimap::sync {
namespace {

/// A server that ends the connection at more messages than this has another trouble.
constexpr int most_given_up = 20;
/// Connections are lost for many reasons; twice at one place is the first hint.
constexpr int most_silent = 2;

}  // namespace

std::vector<std::size_t>
Narrowing::slice(const std::vector<std::size_t>& wanted, std::size_t most) const
{
    if (only_ && std::find(wanted.begin(), wanted.end(), *only_) != wanted.end()) return {*only_};
    if (limit_ != 0) most = std::min(most, limit_);
    const auto count = static_cast<std::ptrdiff_t>(std::min(most, wanted.size()));
    return {wanted.begin(), wanted.begin() + count};
}

void Narrowing::passed() noexcept
{
    suspect_.reset();
    only_.reset();
    limit_ = 0;
    silent_ = 0;
}

Narrowing::Verdict Narrowing::cut(std::size_t count, std::optional<std::size_t> open)
{
    if (count == 1 && (only_ || limit_ == 1)) {
        passed();
        return ++given_up_ <= most_given_up ? Verdict::give_up : Verdict::try_again;
    }
    if (open) {
        silent_ = 0;
        if (suspect_ != open) {
            suspect_ = open;
            return Verdict::try_again;
        }
        only_ = open;
        return Verdict::narrower;
    }
    if (++silent_ < most_silent) return Verdict::try_again;
    limit_ = std::max<std::size_t>(1, count / 2);
    return Verdict::narrower;
}

}  // namespace offlineimap::sync
