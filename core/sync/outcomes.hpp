// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"
#include "put_off.hpp"

#include <utility>
#include <vector>

namespace offlineimap::sync {

/// Takes what became of each item of a batch, through retries that send only the rest again.
class Outcomes final : public ResultSink, public StoreSink {
public:
    Outcomes(Report& report, std::vector<PairIndex> pairs)
        : report_(report)
        , pairs_(std::move(pairs))
        , outcome_(pairs_.size(), Outcome::waiting)
        , ids_(pairs_.size())
    {
    }

    /// Those that are still to be done; the batch that goes out now consists of them.
    const std::vector<std::size_t>& next_batch()
    {
        batch_.clear();
        for (std::size_t i = 0; i < outcome_.size(); ++i)
            if (outcome_[i] == Outcome::waiting) batch_.push_back(i);
        return batch_;
    }
    /// The batch that goes out now consists of some of them.
    void begin_batch(std::vector<std::size_t> items) { batch_ = std::move(items); }
    void done(std::size_t index) override { settle(index, Outcome::done); }
    void stored(std::size_t index, const MessageId& id) override
    {
        ids_[batch_[index]] = id;
        settle(index, Outcome::done);
    }
    void failed(std::size_t index, const Error& why) override
    {
        if (put_off_ && asks_for_patience(why))
            put_off_->add(batch_[index], why);
        else
            give_up(batch_[index], why);
    }
    void give_up(std::size_t item, const Error& why)
    {
        const PairIndex pair = pairs_[item];
        // Gone meanwhile: the next run sees that. The token stays the old one.
        if (why.code() == Errc::not_found)
            report_.hold_back(pair);
        else
            report_.failed(pair, why);
        settle_item(item, Outcome::failed);
    }
    /// Where what the other side asks patience for goes from now on; it outlives this.
    void put_off_to(PutOff<std::size_t>* put_off) noexcept { put_off_ = put_off; }
    bool take_progress() { return std::exchange(progressed_, false); }
    bool succeeded(std::size_t item) const { return outcome_[item] == Outcome::done; }
    const MessageId& id(std::size_t item) const { return ids_[item]; }

private:
    enum class Outcome : std::uint8_t { waiting, done, failed };
    void settle(std::size_t index, Outcome outcome) { settle_item(batch_[index], outcome); }
    void settle_item(std::size_t item, Outcome outcome)
    {
        outcome_[item] = outcome;
        progressed_ = true;
    }

    Report& report_;
    const std::vector<PairIndex> pairs_;
    std::vector<Outcome> outcome_;
    std::vector<MessageId> ids_;
    std::vector<std::size_t> batch_;
    PutOff<std::size_t>* put_off_ = nullptr;
    bool progressed_ = false;
};

/// The pairs of some items, for Outcomes.
template <class Items> std::vector<PairIndex> pairs_of(const Items& items)
{
    std::vector<PairIndex> pairs;
    for (const auto& item : items)
        pairs.push_back(item.pair);
    return pairs;
}

/// Works until each item was reported; `work` takes what is still to be done from `outcomes`.
template <class Work> void work_on_all(SessionPool& pool, Outcomes& outcomes, Work work)
{
    PutOff<std::size_t> put_off;
    outcomes.put_off_to(&put_off);
    with_session<std::size_t>(
        pool, put_off, work, [&] { return outcomes.take_progress(); },
        [&](std::size_t item, const Error& why) { outcomes.give_up(item, why); });
    outcomes.put_off_to(nullptr);
}

/// Sends a batch until each item was reported; `make` builds what the repository takes.
template <class Request, class Make, class Send>
void send_all(SessionPool& pool, Outcomes& outcomes, Make make, Send send)
{
    work_on_all(pool, outcomes, [&](Session& session) {
        std::vector<Request> requests;
        for (const std::size_t i : outcomes.next_batch())
            requests.push_back(make(i));
        if (!requests.empty()) send(session, requests);
    });
}

}  // namespace offlineimap::sync
