// SPDX-License-Identifier: Apache-2.0
#include "window.hpp"

#include "fetch_all.hpp"

#include <algorithm>
#include <charconv>
#include <vector>

namespace offlineimap::sync {
namespace {

enum class Found : std::uint8_t { unknown, inside, outside, failed };

/// Compares messages with the window of their side.
class Measure final : public FetchSink {
public:
    Measure(const SideRules& rules, Report& report, const std::vector<PairIndex>& pairs)
        : rules_(rules), report_(report), pairs_(pairs), found_(pairs.size())
    {
    }
    /// Whether the time a message was received counts for the next ones.
    void use_time(bool counts) { use_time_ = counts; }
    void begin(std::size_t index, const Message& message, std::uint64_t size) override
    {
        const Window& window = rules_.window;
        const auto bytes = message.size != 0 ? message.size : size;
        const bool large = window.smaller_than && bytes >= *window.smaller_than;
        const bool old = use_time_ && window.received_since && message.received
            && *message.received < *window.received_since;
        found_[index] = large || old ? Found::outside : Found::inside;
    }
    bool data(Bytes) override { return true; }
    void end() override { }
    void failed(std::size_t index, const Error& why) override
    {
        if (why.code() == Errc::not_found) return;  // who comes to it sees that
        found_[index] = Found::failed;
        report_.failed(pairs_[index], why);
    }
    const std::vector<Found>& found() const noexcept { return found_; }

private:
    const SideRules& rules_;
    Report& report_;
    const std::vector<PairIndex>& pairs_;
    std::vector<Found> found_;
    bool use_time_ = true;
};

/// How the messages of some items are placed, in the order of the items.
template <class Item, class Id>
std::vector<Found>
measure(SyncContext& context, Side side, const std::vector<Item>& items, TimeCounts time, Id id)
{
    std::vector<MessageRef> refs;
    std::vector<PairIndex> pairs;
    for (const Item& item : items) {
        refs.push_back({context.folder(item.pair, side), id(item)});
        pairs.push_back(item.pair);
    }
    Measure sink(context.rules[side], context.report, pairs);
    sink.use_time(time == TimeCounts::yes);
    fetch_all(*context.sessions[side], refs, Part::facts, sink);
    return sink.found();
}

template <class Item, class Where> std::vector<Item> take(std::vector<Item>& items, Where where)
{
    const auto rest = std::stable_partition(items.begin(), items.end(), std::not_fn(where));
    std::vector<Item> taken(std::make_move_iterator(rest), std::make_move_iterator(items.end()));
    items.erase(rest, items.end());
    return taken;
}

void keep_copies(SyncContext& context, Side from, Plan& plan)
{
    auto copies = take(plan.copies, [&](const Copy& copy) { return other(copy.to) == from; });
    const auto found =
        measure(context, from, copies, context.rules[from].new_by_time, [](const Copy& copy) {
            return copy.id;
        });
    for (std::size_t i = 0; i < copies.size(); ++i)
        if (found[i] != Found::outside && found[i] != Found::failed)
            plan.copies.push_back(std::move(copies[i]));
}

void keep_removals(SyncContext& context, Side from, Plan& plan)
{
    auto removals =
        take(plan.removals, [&](const Removal& r) { return r.from == from && !r.carried; });
    const auto found =
        measure(context, from, removals, TimeCounts::yes, [&](const Removal& removal) {
            return removal.id[from];
        });
    for (std::size_t i = 0; i < removals.size(); ++i)
        if (found[i] == Found::outside)
            plan.forgotten.push_back({removals[i].pair, removals[i].id.right});
        else if (found[i] != Found::failed)
            plan.removals.push_back(std::move(removals[i]));
}

}  // namespace

void keep_to_windows(SyncContext& context, Plan& plan)
{
    for (const Side side : both_sides) {
        if (context.rules[side].window.empty()) continue;
        keep_copies(context, side, plan);
        keep_removals(context, side, plan);
    }
}

namespace {

constexpr std::string_view since = "since day ", below = "below bytes ";

/// The number after `name`; nothing where it is not named.
template <class Number>
std::optional<Number> number_after(const std::string& note, std::string_view name)
{
    const auto at = note.find(name);
    if (at == note.npos) return std::nullopt;
    Number number {};
    const char* const begin = note.data() + at + name.size();
    if (std::from_chars(begin, note.data() + note.size(), number).ec != std::errc {})
        return std::nullopt;
    return number;
}

}  // namespace

std::string to_note(const Window& window)
{
    std::string note;
    if (window.received_since)
        note.append(since).append(
            std::to_string(window.received_since->time_since_epoch().count()) + ";");
    if (window.smaller_than) note.append(below).append(std::to_string(*window.smaller_than) + ";");
    return note;
}

bool has_grown(const std::string& noted, const Window& now)
{
    const auto day = number_after<std::chrono::days::rep>(noted, since);
    const auto bytes = number_after<std::uint64_t>(noted, below);
    const bool older =
        day && (!now.received_since || now.received_since->time_since_epoch().count() < *day);
    const bool larger = bytes && (!now.smaller_than || *now.smaller_than > *bytes);
    return older || larger;
}

}  // namespace offlineimap::sync
