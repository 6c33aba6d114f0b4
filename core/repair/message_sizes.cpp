// SPDX-License-Identifier: Apache-2.0
#include "message_sizes.hpp"

#include "core/sync/fetch_all.hpp"

namespace offlineimap::core {
namespace {

class Sizes final : public FetchSink {
public:
    explicit Sizes(std::size_t count) : sizes(count) { }
    void begin(std::size_t index, const Message& message, std::uint64_t size) override
    {
        sizes[index] = std::to_string(message.size != 0 ? message.size : size);
    }
    bool data(Bytes) override { return true; }
    void end() override { }
    void failed(std::size_t, const Error&) override { }
    std::vector<std::string> sizes;
};

}  // namespace

std::vector<std::string> message_sizes(
    sync::SyncContext& context, sync::PairIndex pair, sync::Side side,
    const std::vector<MessageId>& ids)
{
    std::vector<MessageRef> refs;
    refs.reserve(ids.size());
    for (const MessageId& id : ids)
        refs.push_back({context.folder(pair, side), id});
    Sizes sink(ids.size());
    sync::fetch_all(*context.sessions[side], refs, Part::facts, sink);
    return std::move(sink.sizes);
}

}  // namespace offlineimap::core
