// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

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
        const PairIndex pair = pairs_[batch_[index]];
        // Gone meanwhile: the next run sees that. The token stays the old one.
        if (why.code() == Errc::not_found)
            report_.hold_back(pair);
        else
            report_.failed(pair, why);
        settle(index, Outcome::failed);
    }
    bool take_progress() { return std::exchange(progressed_, false); }
    bool succeeded(std::size_t item) const { return outcome_[item] == Outcome::done; }
    const MessageId& id(std::size_t item) const { return ids_[item]; }

private:
    enum class Outcome : std::uint8_t { waiting, done, failed };
    void settle(std::size_t index, Outcome outcome)
    {
        outcome_[batch_[index]] = outcome;
        progressed_ = true;
    }

    Report& report_;
    const std::vector<PairIndex> pairs_;
    std::vector<Outcome> outcome_;
    std::vector<MessageId> ids_;
    std::vector<std::size_t> batch_;
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

/// Sends a batch until each item was reported; `make` builds what the repository takes.
template <class Request, class Make, class Send>
void send_all(SessionPool& pool, Outcomes& outcomes, Make make, Send send)
{
    with_session(
        pool,
        [&](Session& session) {
            std::vector<Request> requests;
            for (const std::size_t i : outcomes.next_batch())
                requests.push_back(make(i));
            if (!requests.empty()) send(session, requests);
        },
        [&] { return outcomes.take_progress(); });
}

}  // namespace offlineimap::sync
