// SPDX-License-Identifier: Apache-2.0
#include "fetch_all.hpp"

#include "put_off.hpp"

#include <utility>
#include <vector>

namespace offlineimap::sync {
namespace {

/// Hands on what comes, and knows what is missing.
class Missing final : public FetchSink {
public:
    Missing(std::span<const MessageRef> messages, FetchSink& sink)
        : messages_(messages), sink_(sink), settled_(messages.size())
    {
    }

    /// What is to be asked for now.
    std::vector<MessageRef> next_batch()
    {
        batch_.clear();
        std::vector<MessageRef> refs;
        for (std::size_t i = 0; i < messages_.size(); ++i)
            if (!settled_[i]) {
                batch_.push_back(i);
                refs.push_back(messages_[i]);
            }
        return refs;
    }
    bool take_progress() { return std::exchange(progressed_, false); }
    PutOff<std::size_t>& put_off() noexcept { return put_off_; }
    void give_up(std::size_t item, const Error& why)
    {
        settled_[item] = true;
        sink_.failed(item, why);
    }

    void begin(std::size_t index, const Message& message, std::uint64_t size) override
    {
        open_ = batch_[index];
        sink_.begin(open_, message, size);
    }
    bool data(Bytes chunk) override { return sink_.data(chunk); }
    void end() override
    {
        settled_[open_] = progressed_ = true;
        sink_.end();
    }
    void failed(std::size_t index, const Error& why) override
    {
        const std::size_t item = batch_[index];
        if (asks_for_patience(why)) return put_off_.add(item, why);
        progressed_ = true;
        give_up(item, why);
    }

private:
    const std::span<const MessageRef> messages_;
    FetchSink& sink_;
    std::vector<bool> settled_;
    std::vector<std::size_t> batch_;
    PutOff<std::size_t> put_off_;
    std::size_t open_ = 0;
    bool progressed_ = false;
};

}  // namespace

void fetch_all(SessionPool& pool, std::span<const MessageRef> messages, Part part, FetchSink& sink)
{
    if (messages.empty()) return;
    Missing missing(messages, sink);
    with_session<std::size_t>(
        pool, missing.put_off(),
        [&](Session& session) {
            const auto refs = missing.next_batch();
            if (!refs.empty()) session.fetch(refs, part, missing);
        },
        [&] { return missing.take_progress(); },
        [&](std::size_t item, const Error& why) { missing.give_up(item, why); });
}

}  // namespace offlineimap::sync
