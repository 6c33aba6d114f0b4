// SPDX-License-Identifier: Apache-2.0
#include "claims.hpp"

#include "fetch_all.hpp"

namespace offlineimap::sync {
namespace {

class Facts final : public FetchSink {
public:
    Facts(KeywordSets& keywords, std::vector<Claim>& out) : keywords_(keywords), out_(out) { }
    void begin(std::size_t index, const Message& message, std::uint64_t) override
    {
        out_[index].marks = {message.flags, keywords_.intern(message.keywords)};
    }
    bool data(Bytes) override { return true; }
    void end() override { }
    void failed(std::size_t index, const Error& why) override
    {
        if (why.code() != Errc::not_found) out_[index].unknown = why;
    }

private:
    KeywordSets& keywords_;
    std::vector<Claim>& out_;
};

}  // namespace

std::vector<Claim> look_up_claims(SyncContext& context, std::span<const MessageRef> messages)
{
    std::vector<Claim> found(messages.size());
    Facts sink(context.keywords, found);
    fetch_all(*context.sessions.right, messages, Part::facts, sink);
    return found;
}

}  // namespace offlineimap::sync
