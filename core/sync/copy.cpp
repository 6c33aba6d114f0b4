// SPDX-License-Identifier: Apache-2.0
#include "copy.hpp"

#include "copy_batch.hpp"
#include "header_filter.hpp"
#include "narrowing.hpp"
#include "threads.hpp"

#include <algorithm>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <thread>

namespace offlineimap::sync {
namespace {

using Stage = CopyState::Stage;

/// Hands texts from one repository to the other and closes batches on the way.
class Relay final : public FetchSink {
public:
    Relay(SyncContext& context, CopyState& state, Side to, std::vector<std::size_t> wanted)
        : context_(context), state_(state), to_(to), wanted_(std::move(wanted))
    {
    }
    ~Relay()
    {
        if (committing_.valid()) committing_.wait();
    }

    void begin(std::size_t index, const Message& message, std::uint64_t size) override;
    bool data(Bytes chunk) override;
    void end() override;
    void failed(std::size_t index, const Error& why) override;

    /// Makes the batch durable and records it, while the next one is filled where that is possible.
    void hand_over();
    /// The same, at once, for a side whose ids have to be told to the source.
    void finish_noted(Session& source);
    void wait()
    {
        if (committing_.valid()) committing_.get();
    }
    /// The message that has begun and not ended.
    std::optional<std::size_t> under_way() const
    {
        return open_ ? std::optional(index_) : std::nullopt;
    }
    /// A session was lost. Keeps what is stored; the rest has to be looked up.
    void settle() noexcept;

private:
    CopyBatch& batch();
    void leave_out(PairIndex pair);
    void say_message(const Copy& copy) const;
    Message prepared(const Copy& copy, const Message& message) const;
    bool is_refused(PairIndex pair) const
    {
        return std::find(refused_.begin(), refused_.end(), pair) != refused_.end();
    }
    template <class Work> bool attempt(Work work);

    SyncContext& context_;
    CopyState& state_;
    const Side to_;
    const std::vector<std::size_t> wanted_;  ///< from index of the fetch to index of the copies
    std::unique_ptr<CopyBatch> batch_;
    std::future<void> committing_;
    std::vector<PairIndex> refused_;  ///< folders that take no message at all (quota, permission)
    std::size_t index_ = 0;
    bool skipping_ = false, open_ = false;
};

CopyBatch& Relay::batch()
{
    if (!batch_)
        batch_ = std::make_unique<CopyBatch>(
            context_, state_, to_,
            context_.sessions[to_]->take_besides(*context_.sessions[other(to_)]));
    return *batch_;
}

/// The marks are those of the listing, which the record will hold: what changed since then is in
/// the next delta.
Message Relay::prepared(const Copy& copy, const Message& message) const
{
    Message target;
    if (context_.takes_ids(to_)) target.id = copy.id;
    target.flags = copy.marks.flags;
    target.keywords = context_.keywords[copy.marks.keywords];
    target.received = message.received;
    target.size = message.size;
    return target;
}

/// False when this one message, or its folder, is refused; wider failures go on to the caller.
template <class Work> bool Relay::attempt(Work work)
{
    try {
        work();
        return true;
    } catch (const Error& error) {
        if (error.scope() > Scope::folder) {
            if (batch_) batch_->drop();
            throw;
        }
        const PairIndex pair = state_.copies[index_].pair;
        if (error.scope() == Scope::folder) refused_.push_back(pair);
        state_.stage[index_] = Stage::given_up;
        context_.report.failed(pair, error);
        return false;
    }
}

/// Of a folder that is not begun any more. What was sent to a side that gives ids is waited for;
/// else the rest is not even received.
void Relay::leave_out(PairIndex pair)
{
    if (context_.takes_ids(to_)) context_.stop.check();
    context_.report.hold_back(pair);
    state_.stage[index_] = Stage::given_up;
    skipping_ = true;
}

void Relay::say_message(const Copy& copy) const
{
    const auto& folder = context_.pairs[copy.pair].folder;
    const std::string_view id = copy.id.value;
    EventDetails details;
    details.from.folder = folder[other(to_)].name;
    details.to.folder = folder[to_].name;
    details.messages = std::span(&id, 1);
    context_.report.say(
        EventKind::copying, to_, folder[to_].name,
        "Copy message " + copy.id.value + " " + context_.repository(other(to_)) + ":"
            + folder[other(to_)].name + " -> " + context_.repository(to_) + ":" + folder[to_].name,
        1, details, Level::debug);
}

void Relay::begin(std::size_t index, const Message& message, std::uint64_t size)
{
    index_ = wanted_[index];
    const Copy& copy = state_.copies[index_];
    if (copy.pair != state_.pair && context_.stop.soon().requested()) return leave_out(copy.pair);
    state_.pair = copy.pair;
    if (context_.report.wants_every_message()) say_message(copy);
    if (is_refused(copy.pair)) {
        state_.stage[index_] = Stage::given_up;
        skipping_ = true;
        return;
    }
    const auto target = prepared(copy, message);
    skipping_ = !attempt([&] {
        batch().appender().begin(index_, context_.folder(copy.pair, to_), target, size);
        batch_->begun(index_, size);
    });
    open_ = !skipping_;
}

bool Relay::data(Bytes chunk)
{
    if (!skipping_) skipping_ = !attempt([&] { batch_->appender().write(chunk); });
    open_ = !skipping_;
    return !skipping_;
}

void Relay::end()
{
    if (skipping_) return;
    open_ = false;
    state_.stage[index_] = Stage::sent;
    if (!attempt([&] { batch_->appender().end(); })) return;
    if (batch_->full() && context_.takes_ids(to_)) hand_over();
}

void Relay::failed(std::size_t index, const Error& why)
{
    const std::size_t i = wanted_[index];
    if (why.code() != Errc::not_found) return state_.refused(i, why, context_.report);
    // Gone since it was listed: the next run sees that, and the token stays the old one.
    state_.stage[i] = Stage::given_up;
    context_.report.hold_back(state_.copies[i].pair);
}

void Relay::hand_over()
{
    wait();
    if (!batch_) return;
    auto job = [batch = std::shared_ptr<CopyBatch>(std::move(batch_))] {
        try {
            batch->finish();
        } catch (...) {
            batch->record();
            throw;
        }
        batch->record();
    };
    if (context_.sessions[to_]->limit() >= 2)
        committing_ = std::async(std::launch::async, std::move(job));
    else
        job();
}

void Relay::finish_noted(Session& source)
{
    if (!batch_) return;
    batch_->finish();
    batch_->assign(source);
    batch_->record();
    batch_.reset();
}

void Relay::settle() noexcept
{
    if (open_ && batch_ && batch_->usable()) batch_->appender().abandon();
    try {
        // Without their new ids the messages of a noted batch cannot be recorded.
        if (batch_ && batch_->usable() && context_.takes_ids(to_)) hand_over();
        wait();
    } catch (...) {
        // What it cost is said below, and why is in the error that brought us here.
    }
    for (const std::size_t i : wanted_)
        if (state_.stage[i] == Stage::sent) {
            state_.stage[i] = Stage::given_up;
            context_.report.unresolved(state_.copies[i].pair);
        }
}

/// Works through copies, one slice after the other.
class CopyWorker {
public:
    CopyWorker(SyncContext& context, Side to, std::span<const Copy> copies)
        : context_(context), to_(to), state_ {copies, std::vector<Stage>(copies.size()), {}, {}, {}}
    {
    }

    void run()
    {
        with_session<std::size_t>(
            *context_.sessions[other(to_)], state_.put_off,
            [this](Session& source) { copy_waiting(source); },
            [this] { return state_.progressed.exchange(false); },
            [this](std::size_t i, const Error& why) { state_.give_up(i, why, context_.report); });
    }

private:
    void copy_waiting(Session& source)
    {
        state_.begin_again();
        for (auto wanted = next_slice(); !wanted.empty(); wanted = next_slice())
            copy_slice(source, std::move(wanted));
    }

    std::vector<std::size_t> next_slice() const
    {
        // With notes a slice is what a crash leaves to be looked up, else what ids are held for.
        const std::size_t most = context_.takes_ids(to_) ? 50'000 : 500;
        std::vector<std::size_t> wanted;
        for (std::size_t i = 0; i < state_.stage.size() && wanted.size() < most; ++i)
            if (state_.stage[i] == Stage::waiting) wanted.push_back(i);
        return narrowing_.slice(wanted, most);
    }

    void copy_slice(Session& source, std::vector<std::size_t> wanted)
    {
        context_.stop.now().check();
        if (state_.copies[wanted.front()].pair != state_.pair) context_.stop.soon().check();
        std::vector<MessageRef> refs;
        refs.reserve(wanted.size());
        for (const std::size_t i : wanted) {
            const Copy& copy = state_.copies[i];
            refs.push_back({context_.folder(copy.pair, other(to_)), copy.id});
        }
        if (!context_.takes_ids(to_)) announce(wanted);
        Relay relay(context_, state_, to_, wanted);
        try {
            HeaderFilter filter(relay, context_.left_out_fields(to_));
            source.fetch(refs, Part::whole, filter);
            if (context_.takes_ids(to_)) {
                relay.hand_over();
                relay.wait();
            } else {
                relay.finish_noted(source);
            }
            narrowing_.passed();
        } catch (const Error& error) {
            const auto open = relay.under_way();
            relay.settle();
            if (error.retry() == Retry::reconnect) narrow(wanted, open, error);
            throw;
        } catch (...) {
            relay.settle();
            throw;
        }
        for (const std::size_t i : wanted)
            // The repository broke its promise to report each; do not ask for ever.
            if (state_.stage[i] == Stage::waiting || state_.stage[i] == Stage::sent) {
                state_.stage[i] = Stage::given_up;
                context_.report.unresolved(state_.copies[i].pair);
            }
    }

    /// The session was lost in the middle of a slice. What can be found out about the reason is
    /// progress: the pause before the next session does not grow.
    void narrow(
        const std::vector<std::size_t>& wanted, std::optional<std::size_t> open, const Error& why)
    {
        const auto verdict = narrowing_.cut(wanted.size(), open);
        if (verdict == Narrowing::Verdict::try_again) return;
        state_.progressed = true;
        const std::size_t i = wanted.front();
        if (verdict != Narrowing::Verdict::give_up || state_.stage[i] != Stage::waiting) return;
        const Copy& copy = state_.copies[i];
        state_.stage[i] = Stage::given_up;
        context_.report.failed(
            copy.pair,
            Error(
                Errc::rejected, Scope::message, Retry::later,
                "copy message " + copy.id.value + " of "
                    + context_.pairs[copy.pair].folder[other(to_)].name
                    + ": the connection ends each time at this message; the others are copied. "
                    + why.what()));
    }

    void announce(const std::vector<std::size_t>& wanted)
    {
        std::map<PairIndex, std::vector<Announced>> messages;
        for (const std::size_t i : wanted) {
            const Copy& copy = state_.copies[i];
            messages[copy.pair].push_back({copy.id, copy.marks});
        }
        for (const auto& [pair, announced] : messages)
            context_.memory.announce(pair, to_, announced);
    }

    SyncContext& context_;
    const Side to_;
    CopyState state_;
    Narrowing narrowing_;
};

/// Spans of `copies` for workers to take one after the other.
class Chunks {
public:
    Chunks(std::span<const Copy> copies, std::size_t workers)
        : rest_(copies)
        , size_(
              workers == 1 ? copies.size()
                           : std::max<std::size_t>(200, copies.size() / workers / 4))
    {
    }
    std::span<const Copy> next()
    {
        const std::lock_guard lock(mutex_);
        const auto chunk = rest_.first(std::min(size_, rest_.size()));
        rest_ = rest_.subspan(chunk.size());
        return chunk;
    }

private:
    std::mutex mutex_;
    std::span<const Copy> rest_;
    const std::size_t size_;
};

void announce_pairs(SyncContext& context, Side to, std::span<const Copy> copies)
{
    std::vector<PairIndex> pairs;
    for (const Copy& copy : copies)
        if (pairs.empty() || pairs.back() != copy.pair) pairs.push_back(copy.pair);
    context.memory.announce(to, pairs);
}

}  // namespace

void copy_messages(SyncContext& context, Side to, std::span<const Copy> copies)
{
    if (copies.empty()) return;
    if (context.takes_ids(to)) announce_pairs(context, to, copies);
    const std::size_t workers =
        std::min<std::size_t>(context.sessions.right->limit(), (copies.size() + 199) / 200);
    Chunks chunks(copies, workers);
    run_side_by_side(
        workers,
        [&](std::size_t) {
            for (auto chunk = chunks.next(); !chunk.empty(); chunk = chunks.next())
                CopyWorker(context, to, chunk).run();
        },
        [&] { context.report.worker_ends(); });
}

}  // namespace offlineimap::sync
