// SPDX-License-Identifier: Apache-2.0
#include "pace.hpp"

#include <offlineimap/error.hpp>

namespace offlineimap::imap {

namespace {

/// In ten times the timeout: less than the slowest line there is brings.
constexpr std::uint64_t least = std::uint64_t {16} << 10;
/// To one command: more than there can be messages in a folder that anybody reads.
constexpr std::uint64_t most_responses = 50'000'000;

}  // namespace

void Pace::check(const std::string& peer)
{
    if (responses_ > most_responses)
        throw Error(Errc::protocol, peer + ": the server does not come to an end");
    const auto now = Clock::now();
    if (now - since_ < span_) return;
    if (useful_ < least)
        throw Error(
            Errc::timeout, Scope::session, Retry::later,
            peer + ": the server says something now and then, but gives no answer");
    since_ = now;
    useful_ = 0;
}

}  // namespace offlineimap::imap
