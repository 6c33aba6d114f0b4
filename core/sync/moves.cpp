// SPDX-License-Identifier: Apache-2.0
#include "moves.hpp"

#include "content.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace offlineimap::sync {
namespace {

/// Copies and removals that were put together go from the plan at the end.
class Taken {
public:
    explicit Taken(const Plan& plan) : copies_(plan.copies.size()), removals_(plan.removals.size())
    {
    }
    bool has_copy(std::size_t i) const { return copies_[i]; }
    bool has_removal(std::size_t i) const { return removals_[i]; }
    void take(std::size_t copy, std::size_t removal) { copies_[copy] = removals_[removal] = true; }
    void take_copies(std::size_t a, std::size_t b) { copies_[a] = copies_[b] = true; }

    void leave_out_of(Plan& plan) const
    {
        leave_out(plan.copies, copies_);
        leave_out(plan.removals, removals_);
        plan.arrivals.clear();  // their indexes count into the copies as they were
    }

private:
    template <class Items> static void leave_out(Items& items, const std::vector<bool>& taken)
    {
        std::size_t i = 0;
        std::erase_if(items, [&](const auto&) { return taken[i++]; });
    }
    /// Their indexes count into the copies.
    void move_arrivals(Plan& plan) const
    {
        std::vector<std::size_t> place(copies_.size());
        std::size_t next = 0;
        for (std::size_t i = 0; i < copies_.size(); ++i)
            place[i] = copies_[i] ? 0 : next++;
        std::erase_if(plan.arrivals, [&](const Arrival& arrival) { return copies_[arrival.copy]; });
        for (Arrival& arrival : plan.arrivals)
            arrival.copy = place[arrival.copy];
    }

    std::vector<bool> copies_, removals_;
};

bool can_follow(const SyncContext& context, Side on)
{
    const auto& abilities = context.abilities[on];
    return abilities.has(Capability::move)
        && (abilities.has(Capability::returns_ids) || abilities.has(Capability::takes_ids));
}

class MoveFinder {
public:
    MoveFinder(SyncContext& context, Plan& plan) : context_(context), plan_(plan), taken_(plan) { }

    void run()
    {
        by_origin();
        for (const Side on : both_sides)
            by_content(on);
        taken_.leave_out_of(plan_);
    }

private:
    void by_origin()
    {
        if (plan_.arrivals.empty()) return;
        std::map<std::pair<FolderIndex, MessageId>, std::size_t> lost;
        for (std::size_t i = 0; i < plan_.removals.size(); ++i) {
            const Removal& removal = plan_.removals[i];
            const Side mover = other(removal.from);
            lost[{context_.folder(removal.pair, mover), removal.id[mover]}] = i;
        }
        for (const Arrival& arrival : plan_.arrivals) {
            const auto it = lost.find({arrival.origin.folder, arrival.origin.id});
            if (it == lost.end() || taken_.has_removal(it->second)) continue;
            if (plan_.copies[arrival.copy].to == plan_.removals[it->second].from)
                join(arrival.copy, it->second);
        }
    }

    void by_content(Side on)
    {
        constexpr std::size_t most = 5000;  // beyond that asking costs more than copying
        Both<std::vector<Suspect>> suspects;
        std::vector<std::size_t> copies, removals;
        for (std::size_t i = 0; i < plan_.copies.size(); ++i) {
            const Copy& copy = plan_.copies[i];
            if (copy.to != on || taken_.has_copy(i)) continue;
            suspects[other(on)].push_back({copy.pair, copy.id, {}, {}});
            copies.push_back(i);
        }
        for (std::size_t i = 0; i < plan_.removals.size(); ++i) {
            const Removal& removal = plan_.removals[i];
            if (removal.from != on || taken_.has_removal(i)) continue;
            suspects[on].push_back({removal.pair, removal.id[on], {}, {}});
            removals.push_back(i);
        }
        if (copies.empty() || removals.empty() || copies.size() > most || removals.size() > most)
            return;
        const auto matches = match_content(
            context_, std::move(suspects.left), std::move(suspects.right), Part::header,
            Scan::whole_account);
        for (const ContentMatch& match : matches)
            if (on == Side::right)
                join(copies[match.left], removals[match.right]);
            else
                join(copies[match.right], removals[match.left]);
    }

    void join(std::size_t copy_index, std::size_t removal_index)
    {
        const Copy& copy = plan_.copies[copy_index];
        const Removal& removal = plan_.removals[removal_index];
        if (copy.pair == removal.pair) {
            if (!join_renamed(copy, removal)) return;
        } else {
            if (!can_follow(context_, copy.to)) return;
            plan_.transfers.push_back(
                {removal.pair, copy.pair, copy.to, removal.id, copy.id, removal.marks, copy.marks,
                 removal.now});
        }
        taken_.take(copy_index, removal_index);
    }

    /// A file that a mail reader gave another name: it only needs its id again.
    bool join_renamed(const Copy& copy, const Removal& removal)
    {
        if (copy.to != Side::right || !context_.takes_ids(Side::left)) return false;
        plan_.twins.push_back(
            {copy.pair, {copy.id, removal.id.right}, {copy.marks, removal.now}, removal.marks});
        return true;
    }

    SyncContext& context_;
    Plan& plan_;
    Taken taken_;
};

}  // namespace

void find_moves(SyncContext& context, Plan& plan)
{
    if (plan.copies.empty() || plan.removals.empty())
        plan.arrivals.clear();
    else
        MoveFinder(context, plan).run();
}

namespace {

/// The marks of messages that are there.
class Facts final : public FetchSink {
public:
    Facts(KeywordSets& keywords, std::vector<std::optional<Marks>>& out)
        : keywords_(keywords), out_(out)
    {
    }
    void begin(std::size_t index, const Message& message, std::uint64_t) override
    {
        out_[index] = {message.flags, keywords_.intern(message.keywords)};
    }
    bool data(Bytes) override { return true; }
    void end() override { }
    void failed(std::size_t, const Error&) override { }

private:
    KeywordSets& keywords_;
    std::vector<std::optional<Marks>>& out_;
};

class TwinFinder {
public:
    TwinFinder(SyncContext& context, Plan& plan) : context_(context), plan_(plan), taken_(plan) { }

    void run(const Lookup& lookup)
    {
        const auto orphans = settle_claims();
        if (!orphans.empty()) match({orphans, std::nullopt}, Scan::whole_account, Side::left);
        auto both = lookup.unknown;
        both.insert(lookup.unsettled.begin(), lookup.unsettled.end());
        match({both, both}, Scan::same_pair, Side::left);
        // A message that was carried on before the run that looks for it.
        for (const Side target : both_sides) {
            if (lookup.unsettled.empty() || context_.takes_ids(target)) continue;
            Both<Pairs> pairs;
            pairs[target] = lookup.unsettled;
            match(pairs, Scan::whole_account, target);
        }
        taken_.leave_out_of(plan_);
    }

private:
    using Pairs = std::optional<std::set<PairIndex>>;

    /// A message without a record under an id that the right side gave: it was copied, and the run
    /// ended before it was recorded. Those that the right side has still are twins; returns the
    /// pairs of the others.
    std::set<PairIndex> settle_claims()
    {
        std::vector<std::size_t> claims;
        for (std::size_t i = 0; i < plan_.copies.size(); ++i)
            if (plan_.copies[i].to == Side::right && context_.takes_ids(Side::left)
                && !plan_.copies[i].id.value.starts_with('.'))
                claims.push_back(i);
        std::set<PairIndex> orphans;
        const auto found = look_up(claims);
        for (std::size_t i = 0; i < claims.size(); ++i) {
            const Copy& copy = plan_.copies[claims[i]];
            if (found[i]) {
                plan_.twins.push_back({copy.pair, {copy.id, copy.id}, {copy.marks, *found[i]}, {}});
                taken_.take_copies(claims[i], claims[i]);
            } else {
                orphans.insert(copy.pair);
            }
        }
        return orphans;
    }

    /// The marks that messages have on the right side under the ids they have on the left.
    std::vector<std::optional<Marks>> look_up(const std::vector<std::size_t>& claims)
    {
        std::vector<MessageRef> refs;
        for (const std::size_t i : claims)
            refs.push_back(
                {context_.folder(plan_.copies[i].pair, Side::right), plan_.copies[i].id});
        std::vector<std::optional<Marks>> found(claims.size());
        if (refs.empty()) return found;
        Facts sink(context_.keywords, found);
        with_session(
            *context_.sessions.right,
            [&](Session& session) { session.fetch(refs, Part::facts, sink); },
            [] { return false; });
        return found;
    }

    /// Compares the newcomers of each side that are in its pairs, where it has any. Where two that
    /// are one lie in different pairs, the one on the side `on` follows the other.
    void match(const Both<Pairs>& pairs, Scan scan, Side on)
    {
        Both<std::vector<Suspect>> suspects;
        Both<std::vector<std::size_t>> copies;
        for (std::size_t i = 0; i < plan_.copies.size(); ++i) {
            const Copy& copy = plan_.copies[i];
            const Side from = other(copy.to);
            if (taken_.has_copy(i) || (pairs[from] && !pairs[from]->contains(copy.pair))) continue;
            suspects[from].push_back({copy.pair, copy.id, {}, {}});
            copies[from].push_back(i);
        }
        const auto matches = match_content(
            context_, std::move(suspects.left), std::move(suspects.right), Part::whole, scan);
        for (const ContentMatch& match : matches)
            join(copies.left[match.left], copies.right[match.right], on);
    }

    void join(std::size_t left_index, std::size_t right_index, Side on)
    {
        const Copy &left = plan_.copies[left_index], &right = plan_.copies[right_index];
        if (left.pair == right.pair) {
            plan_.twins.push_back({left.pair, {left.id, right.id}, {left.marks, right.marks}, {}});
        } else {
            if (!can_follow(context_, on)) return;
            const Copy &stays = on == Side::right ? left : right,
                       &follows = on == Side::right ? right : left;
            plan_.transfers.push_back(
                {follows.pair,
                 stays.pair,
                 on,
                 {follows.id, follows.id},
                 stays.id,
                 {},
                 stays.marks,
                 follows.marks});
        }
        taken_.take_copies(left_index, right_index);
    }

    SyncContext& context_;
    Plan& plan_;
    Taken taken_;
};

}  // namespace

void find_twins(SyncContext& context, const Lookup& lookup, Plan& plan)
{
    if (!plan.copies.empty()) TwinFinder(context, plan).run(lookup);
}

}  // namespace offlineimap::sync
