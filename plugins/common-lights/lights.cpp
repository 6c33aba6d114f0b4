// SPDX-License-Identifier: Apache-2.0
#include "lights.hpp"

#include "common-console/printable.hpp"

#include <algorithm>

namespace offlineimap::lights {
namespace {

/// A worker number of somebody's error must not make a million lights.
constexpr std::size_t most_lights = 256;
constexpr std::uint64_t longest_sleep = 1'000'000'000;

}  // namespace

std::optional<Colour> colour_of(const Event& event) noexcept
{
    switch (event.kind) {
    case EventKind::account_begin:
    case EventKind::account_end:
    case EventKind::summary:
        return Colour::purple;
    case EventKind::folder_begin:
        return Colour::cyan;
    case EventKind::connecting:
        return Colour::gray;
    case EventKind::listing:
    case EventKind::listed:
        return Colour::green;
    case EventKind::planned:
    case EventKind::moving:
    case EventKind::folder_created:
        return Colour::blue;
    case EventKind::copying:
    case EventKind::progress:
        return Colour::orange;
    case EventKind::deleting:
    case EventKind::sleeping:
    case EventKind::failure:
        return Colour::red;
    case EventKind::adding_flags:
        return Colour::yellow;
    case EventKind::removing_flags:
        return Colour::pink;
    default:
        return std::nullopt;
    }
}

Account& Board::account(std::string_view name)
{
    const auto clean = console::printable(name);
    const auto known = std::ranges::find(accounts_, clean, &Account::name);
    if (known != accounts_.end()) return *known;
    return accounts_.emplace_back(Account {clean, {}, {}});
}

void Board::put_worker(std::uint32_t worker, std::string_view name)
{
    for (auto& other : accounts_)
        std::erase(other.workers, worker);
    auto& workers = account(name).workers;
    workers.insert(std::ranges::lower_bound(workers, worker), worker);
}

void Board::follow(const Event& event, Clock::time_point now)
{
    if (event.kind == EventKind::worker_end) {
        if (const auto light = lights_.find(event.worker); light != lights_.end() && event.worker)
            light->second = {Colour::black, ""};
        return;
    }
    if (event.account.empty()) return;
    if (event.kind == EventKind::sleeping) {
        const auto left = event.total > event.done ? event.total - event.done : 0;
        account(event.account).wakes = now + std::chrono::seconds(std::min(left, longest_sleep));
    } else if (event.kind == EventKind::account_begin) {
        account(event.account).wakes.reset();
    }
    const auto colour = colour_of(event);
    const bool known = lights_.contains(event.worker);
    if (!colour || event.worker == 0 || (!known && lights_.size() >= most_lights)) return;
    lights_.insert_or_assign(event.worker, Light {*colour, console::printable(event.text)});
    put_worker(event.worker, event.account);
}

std::optional<std::chrono::seconds> Board::countdown(Clock::time_point now) const
{
    std::optional<std::chrono::seconds> least;
    for (const auto& account : accounts_)
        if (account.wakes) {
            const auto left = seconds_left(account, now);
            least = least ? std::min(*least, left) : left;
        }
    return least;
}

std::chrono::seconds seconds_left(const Account& account, Board::Clock::time_point now)
{
    using std::chrono::seconds;
    if (!account.wakes || *account.wakes <= now) return seconds(0);
    return std::chrono::ceil<seconds>(*account.wakes - now);
}

}  // namespace offlineimap::lights
