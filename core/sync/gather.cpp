// SPDX-License-Identifier: Apache-2.0
#include "gather.hpp"

#include "put_off.hpp"
#include "shares.hpp"
#include "threads.hpp"

#include <optional>
#include <unordered_map>

namespace offlineimap::sync {
namespace {

Listing::Kind kind_of(Coverage coverage)
{
    switch (coverage) {
    case Coverage::delta:
        return Listing::Kind::delta;
    case Coverage::delta_listed:
        return Listing::Kind::delta_listed;
    default:
        return Listing::Kind::snapshot;
    }
}

/// Brings the listings of both sides together.
class Meeting {
public:
    Meeting(
        std::span<const Inquiry> inquiries, const SyncContext& context, const ListingsReady& ready)
        : ready_(ready)
    {
        for (const Inquiry& inquiry : inquiries) {
            Waiting& waiting = waiting_[inquiry.pair];
            waiting.inquiry = &inquiry;
            for (const Side side : both_sides) {
                if (inquiry.ask[side]) ++waiting.missing;
                waiting.listing[side].storable = context.pairs[inquiry.pair].kept[side].storable;
            }
        }
    }

    void arrived(PairIndex pair, Side side, Listing listing)
    {
        const std::lock_guard lock(mutex_);
        Waiting& waiting = waiting_.at(pair);
        waiting.listing[side] = std::move(listing);
        if (--waiting.missing != 0 || waiting.failed) return;
        hand_over(*waiting.inquiry, std::exchange(waiting.listing, {}));
    }
    void failed(PairIndex pair)
    {
        const std::lock_guard lock(mutex_);
        Waiting& waiting = waiting_.at(pair);
        waiting.failed = true;
        waiting.listing = {};
    }

private:
    /// What fails here is not the session that told of the folder: were the same asked for again,
    /// the folder, which has been told of, would be left out and nobody would miss it.
    void hand_over(const Inquiry& inquiry, Both<Listing> listing)
    {
        try {
            ready_(inquiry, std::move(listing));
        } catch (const Error& error) {
            if (error.retry() == Retry::never) throw;
            throw Error(error.code(), Scope::repository, Retry::never, error.what());
        }
    }

    struct Waiting {
        const Inquiry* inquiry = nullptr;
        int missing = 0;
        bool failed = false;
        Both<Listing> listing;
    };
    const ListingsReady& ready_;
    std::mutex mutex_;
    std::unordered_map<PairIndex, Waiting> waiting_;
};

/// Puts together what one session reports.
class Collector final : public ChangeSink {
public:
    Collector(SyncContext& context, Side side, Meeting& meeting, PutOff<FolderIndex>& put_off)
        : context_(context), side_(side), meeting_(meeting), put_off_(put_off)
    {
    }

    void expect(FolderIndex folder, PairIndex pair) { pairs_[folder] = pair; }
    bool is_waiting_for(FolderIndex folder) const { return pairs_.contains(folder); }
    bool take_progress() { return std::exchange(progressed_, false); }

    void begin(FolderIndex, const FolderState& state, Coverage coverage) override
    {
        listing_ = {};
        listing_.kind = kind_of(coverage);
        listing_.storable = storable(state);
        listing_.epoch = state.epoch;
        listing_.next_id = state.next_id;
        listing_.writable = state.writable;
    }
    void changed(const Message& message) override
    {
        const auto keywords =
            message.keywords.empty() ? 0 : context_.keywords.intern(message.keywords);
        listing_.changed.push_back({message.id, {message.flags, keywords}});
        if (message.origin) listing_.origins[message.id] = *message.origin;
    }
    void vanished(const MessageId& id) override { listing_.vanished.push_back(id); }
    void present(const MessageId& id) override { listing_.present.push_back(id); }
    void end(FolderIndex folder, std::string token) override
    {
        listing_.token = std::move(token);
        sort(listing_);
        meeting_.arrived(take(folder), side_, std::exchange(listing_, {}));
    }
    void failed(FolderIndex folder, const Error& why) override
    {
        listing_ = {};
        if (asks_for_patience(why))
            put_off_.add(folder, why);
        else if (why.code() == Errc::epoch_changed && has_token(folder))
            ids_are_void(folder, why);
        else
            give_up(folder, why);
    }
    void give_up(FolderIndex folder, const Error& why)
    {
        const PairIndex pair = take(folder);
        context_.report.failed(pair, why);
        meeting_.failed(pair);
    }

private:
    /// What was asked for with a token can be asked for again without one.
    bool has_token(FolderIndex folder) const
    {
        const auto it = pairs_.find(folder);
        return it != pairs_.end() && !context_.pairs[it->second].kept[side_].token.empty();
    }
    void ids_are_void(FolderIndex folder, const Error& why)
    {
        context_.report.log(Level::warning, why.what());
        const PairIndex pair = take(folder);
        Listing listing;
        listing.void_ids = true;
        listing.storable = context_.pairs[pair].kept[side_].storable;
        meeting_.arrived(pair, side_, std::move(listing));
    }
    PairIndex take(FolderIndex folder)
    {
        progressed_ = true;
        const auto it = pairs_.find(folder);
        if (it == pairs_.end())
            throw Error(Errc::internal, "a repository reported a folder that nobody asked for");
        const PairIndex pair = it->second;
        pairs_.erase(it);
        return pair;
    }

    SyncContext& context_;
    const Side side_;
    Meeting& meeting_;
    PutOff<FolderIndex>& put_off_;
    std::unordered_map<FolderIndex, PairIndex> pairs_;
    Listing listing_;
    bool progressed_ = false;
};

void say_listing(SyncContext& context, Side side, PairIndex pair)
{
    const std::string& name = context.pairs[pair].folder[side].name;
    EventDetails details;
    details.to.folder = name;
    context.report.say(
        EventKind::listing, side, name,
        "Loading message list for " + context.repository(side) + "[" + name + "]", 0, details,
        Level::debug);
}

void ask(
    SyncContext& context, Side side, const std::vector<const Inquiry*>& inquiries, Meeting& meeting)
{
    PutOff<FolderIndex> put_off;
    Collector collector(context, side, meeting, put_off);
    for (const Inquiry* inquiry : inquiries) {
        collector.expect(context.folder(inquiry->pair, side), inquiry->pair);
        say_listing(context, side, inquiry->pair);
    }
    with_session<FolderIndex>(
        *context.sessions[side], put_off,
        [&](Session& session) {
            std::vector<ChangeRequest> requests;
            for (const Inquiry* inquiry : inquiries) {
                const auto folder = context.folder(inquiry->pair, side);
                if (!collector.is_waiting_for(folder)) continue;
                const auto& kept = context.pairs[inquiry->pair].kept[side];
                requests.push_back({folder, inquiry->epoch[side], kept.token, {}});
            }
            if (!requests.empty()) session.changes(requests, collector);
        },
        [&] { return collector.take_progress(); },
        [&](FolderIndex folder, const Error& why) { collector.give_up(folder, why); });
}

/// The answer for such a folder is a line or two. One without a token is listed as a whole.
bool seems_unchanged(const FolderPair& pair, Side side)
{
    const FolderInfo& folder = pair.folder[side];
    const Kept& kept = pair.kept[side];
    return !kept.token.empty() && !folder.quick_token.empty()
        && folder.quick_token == kept.quick_token;
}

/// The folders to ask a side for, dealt out to as many sessions as are worth it.
std::vector<std::vector<const Inquiry*>>
deal(const SyncContext& context, Side side, std::span<const Inquiry> inquiries)
{
    std::vector<const Inquiry*> wanted;
    std::size_t changed = 0;
    for (const Inquiry& inquiry : inquiries) {
        if (!inquiry.ask[side]) continue;
        wanted.push_back(&inquiry);
        if (!seems_unchanged(context.pairs[inquiry.pair], side)) ++changed;
    }
    // To hear that nothing changed is not worth another connection.
    const auto work = std::min(wanted.size(), std::max<std::size_t>(changed, 1));
    const auto hands = sessions_for(work, context.sessions[side]->limit());
    std::vector<std::vector<const Inquiry*>> out(hands);
    for (std::size_t i = 0; i < wanted.size(); ++i)
        out[i % hands].push_back(wanted[i]);
    return out;
}

}  // namespace

void gather(SyncContext& context, std::span<const Inquiry> inquiries, const ListingsReady& ready)
{
    const auto phase = context.report.phase("gather and plan");
    Meeting meeting(inquiries, context, ready);
    struct Hand {
        Side side;
        std::vector<const Inquiry*> inquiries;
    };
    std::vector<Hand> hands;
    for (const Side side : both_sides)
        for (auto& share : deal(context, side, inquiries))
            hands.push_back({side, std::move(share)});
    run_side_by_side(
        hands.size(),
        [&](std::size_t i) { ask(context, hands[i].side, hands[i].inquiries, meeting); },
        [&] { context.report.worker_ends(); });
}

}  // namespace offlineimap::sync
