// SPDX-License-Identifier: Apache-2.0
#include "doubles.hpp"

#include "core/sync/content.hpp"
#include "core/sync/fetch_all.hpp"

#include <map>
#include <optional>

namespace offlineimap::core {

namespace {

using sync::Entry;

/// Messages that are alike as far as is known, by what is known of them.
using Groups = std::map<std::string, std::vector<Entry>>;

class Learn final : public FetchSink {
public:
    Learn(Part part, std::size_t count) : learnt(count), part_(part) { }
    void begin(std::size_t index, const Message& message, std::uint64_t size) override
    {
        index_ = index;
        learnt[index] = std::to_string(message.size != 0 ? message.size : size);
        if (part_ != Part::facts) digest_.emplace();
    }
    bool data(Bytes chunk) override
    {
        if (digest_) digest_->add(chunk);
        return true;
    }
    void end() override
    {
        if (digest_) learnt[index_] = digest_->finish();
        digest_.reset();
    }
    void failed(std::size_t index, const Error&) override { learnt[index].clear(); }

    std::vector<std::string> learnt;  ///< empty: could not be told

private:
    const Part part_;
    std::size_t index_ = 0;
    std::optional<sync::ContentDigest> digest_;
};

/// Splits each group by one more fact; what is alone then is no double.
Groups split(
    sync::SyncContext& context, sync::PairIndex pair, sync::Side side, const Groups& groups,
    Part part)
{
    std::vector<MessageRef> refs;
    std::vector<std::pair<const std::string*, const Entry*>> suspects;
    for (const auto& [known, entries] : groups)
        for (const Entry& entry : entries) {
            refs.push_back({context.folder(pair, side), entry.id});
            suspects.emplace_back(&known, &entry);
        }
    if (refs.empty()) return {};
    Learn sink(part, refs.size());
    sync::fetch_all(*context.sessions[side], refs, part, sink);
    Groups out;
    for (std::size_t i = 0; i < suspects.size(); ++i)
        if (!sink.learnt[i].empty())
            out[*suspects[i].first + ' ' + sink.learnt[i]].push_back(*suspects[i].second);
    std::erase_if(out, [](const auto& group) { return group.second.size() < 2; });
    return out;
}

}  // namespace

Doubles find_doubles(
    sync::SyncContext& context, sync::PairIndex pair, sync::Side side,
    const std::vector<sync::Entry>& messages)
{
    Groups groups;
    if (messages.size() > 1) groups[{}] = messages;
    for (const Part part : {Part::facts, Part::header, Part::whole})
        groups = split(context, pair, side, groups, part);
    Doubles doubles;
    for (auto& [known, entries] : groups)
        doubles.push_back(std::move(entries));
    return doubles;
}

}  // namespace offlineimap::core
