// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"
#include "put_off.hpp"

#include <atomic>
#include <optional>
#include <unordered_map>
#include <vector>

namespace offlineimap::sync {

/// Where the copies of one worker stand; indexes count into its copies.
struct CopyState {
    enum class Stage : std::uint8_t { waiting, sent, stored, put_off, given_up };

    /// The other side did not take it, or did not give it.
    void refused(std::size_t index, const Error& why, Report& report);
    void give_up(std::size_t index, const Error& why, Report& report);
    /// What was put off is waiting again.
    void begin_again();

    std::span<const Copy> copies;
    std::vector<Stage> stage;              ///< each element is written by one thread at a time
    std::atomic<bool> progressed = false;  ///< something was settled since it was last asked
    std::optional<PairIndex> pair;         ///< whose messages are being copied
    PutOff<std::size_t> put_off = {};
};

/// Messages that become durable together on the side they go to, and are recorded together.
class CopyBatch final : private StoreSink {
public:
    CopyBatch(SyncContext& context, CopyState& state, Side to, SessionPool::Lease session);

    Appender& appender() noexcept { return *appender_; }
    /// The message is on its way through the appender.
    void begun(std::size_t index, std::uint64_t size);
    bool full() const noexcept { return items_.size() >= 1000 || bytes_ >= 64'000'000; }
    bool usable() const noexcept { return appender_ != nullptr; }

    /// Waits until all of it is durable. Throws when the session is lost; what was stored until
    /// then is kept.
    void finish();
    /// Gives the messages on the side they come from the ids that the other side gave them.
    void assign(Session& source);
    /// Records what is on both sides. After finish(), and after assign() where that is needed.
    void record();
    /// The session failed in the middle: nothing of it may be used again.
    void drop() noexcept;

private:
    struct Item {
        std::size_t index = 0;
        std::uint64_t size = 0;
        std::optional<MessageId> id;  ///< on the side it went to; empty id = not told
    };

    void stored(std::size_t index, const MessageId& id) override;
    void failed(std::size_t index, const Error& why) override;
    Item* item(std::size_t index);
    void record(PairIndex pair, const std::vector<const Item*>& items);
    Known known(const Item& item) const;
    void tell_new_mail(PairIndex pair, const Item& item);

    SyncContext& context_;
    CopyState& state_;
    const Side to_;
    SessionPool::Lease session_;
    std::unique_ptr<Appender> appender_;
    std::vector<Item> items_;                              ///< by index, as they were sent
    std::unordered_map<std::size_t, std::size_t> places_;  ///< from index to place in items_
    std::uint64_t bytes_ = 0;
};

}  // namespace offlineimap::sync
