// SPDX-License-Identifier: Apache-2.0
#include "trash_copier.hpp"

#include "content.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace offlineimap::sync {
namespace {

/// The ids of a folder's messages.
class Ids final : public ChangeSink {
public:
    void begin(FolderIndex, const FolderState&, Coverage) override { }
    void changed(const Message& message) override { ids.push_back(message.id); }
    void vanished(const MessageId&) override { }
    void present(const MessageId& id) override { ids.push_back(id); }
    void end(FolderIndex, std::string) override { }
    void failed(FolderIndex, const Error& why) override { throw why; }
    std::vector<MessageId> ids;
};

}  // namespace

class TrashCopier::Measuring final : public FetchSink {
public:
    using Refused = std::function<void(std::size_t index, const Error& why)>;
    Measuring(std::size_t count, Refused refused)
        : measures {decltype(Measures::sizes)(count), decltype(Measures::digests)(count)}
        , refused_(std::move(refused))
    {
    }
    void begin(std::size_t index, const Message& message, std::uint64_t size) override
    {
        index_ = index;
        measures.sizes[index] = message.size != 0 ? message.size : size;
        digest_.emplace();
    }
    bool data(Bytes chunk) override
    {
        digest_->add(chunk);
        return true;
    }
    void end() override { measures.digests[index_] = digest_->finish(); }
    void failed(std::size_t index, const Error& why) override
    {
        if (why.code() != Errc::not_found) refused_(index, why);
    }
    Measures measures;

private:
    Refused refused_;
    std::size_t index_ = 0;
    std::optional<ContentDigest> digest_;
};

/// Keeps the texts of a slice.
class TrashCopier::Texts final : public FetchSink {
public:
    Texts(Outcomes& outcomes, std::size_t count) : texts(count), outcomes_(outcomes) { }
    void begin(std::size_t index, const Message& message, std::uint64_t size) override
    {
        index_ = index;
        texts[index].emplace().message = message;
        texts[index]->bytes.reserve(size);
    }
    bool data(Bytes chunk) override
    {
        texts[index_]->bytes.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
        return true;
    }
    void end() override { }
    void failed(std::size_t index, const Error& why) override { outcomes_.failed(index, why); }
    std::vector<std::optional<Text>> texts;

private:
    Outcomes& outcomes_;
    std::size_t index_ = 0;
};

/// Which copies are there for sure.
class TrashCopier::Stored final : public StoreSink {
public:
    explicit Stored(Outcomes& outcomes) : outcomes_(outcomes) { }
    void stored(std::size_t index, const MessageId&) override { there.push_back(index); }
    void failed(std::size_t index, const Error& why) override { outcomes_.failed(index, why); }
    Items there;  ///< indexes of the slice

private:
    Outcomes& outcomes_;
};

void TrashCopier::run()
{
    const Items waiting = outcomes_.next_batch();
    const auto copied = find_copied(waiting);
    Items rest;
    std::copy_if(waiting.begin(), waiting.end(), std::back_inserter(rest), [&](std::size_t i) {
        return !copied.contains(i) && !refused_.contains(i);
    });
    announce(rest);
    remove({copied.begin(), copied.end()});
    for (Items& slice : slices(rest))
        copy(std::move(slice));
}

/// Perhaps for a while: then it is asked for again.
void TrashCopier::refuse(std::size_t item, const Error& why)
{
    outcomes_.begin_batch({item});
    outcomes_.failed(0, why);
    refused_.insert(item);
}

void TrashCopier::announce(const Items& items)
{
    std::map<PairIndex, std::vector<MessageId>> ids;
    for (const std::size_t i : items) {
        const auto& removal = removals_[i];
        // The older note has the lower bound: a copy may come late, from a connection that was
        // lost.
        if (!context_.memory.trashed_above(removal.pair, side_, removal.id[side_]))
            ids[removal.pair].push_back(removal.id[side_]);
    }
    for (const auto& [pair, some] : ids)
        context_.memory.announce_trashing(pair, side_, some, trash_.next_id);
}

/// Those of which an earlier attempt left a copy in the trash.
std::set<std::size_t> TrashCopier::find_copied(const Items& items)
{
    Items announced;
    std::optional<MessageId> above;
    for (const std::size_t i : items) {
        const auto& removal = removals_[i];
        const auto note = context_.memory.trashed_above(removal.pair, side_, removal.id[side_]);
        if (!note) continue;
        announced.push_back(i);
        if (!above || *note < *above) above = note;
    }
    if (announced.empty()) return {};
    const auto wanted = measure(announced, Part::whole).digests;
    std::vector<std::string> found;
    try {
        found = measure(candidates(announced, *above), Part::whole).digests;
    } catch (const Error& error) {  // to copy these would perhaps double them
        if (error.scope() > Scope::folder) throw;
        for (const std::size_t i : announced)
            if (!refused_.contains(i)) refuse(i, error);
        return {};
    }
    std::set<std::size_t> copied;
    for (std::size_t i = 0; i < announced.size(); ++i) {
        const auto it = std::find(found.begin(), found.end(), wanted[i]);
        if (wanted[i].empty() || it == found.end()) continue;
        copied.insert(announced[i]);
        found.erase(it);  // each copy speaks for one message
    }
    return copied;
}

/// What came to the trash since and is as large as one of the items.
std::vector<MessageRef> TrashCopier::candidates(const Items& items, const MessageId& above)
{
    std::vector<MessageRef> there;
    for (const MessageId& id : newcomers_of_trash(above))
        there.push_back({trash_.index, id});
    const auto sizes_here = measure(items, Part::facts).sizes;
    const auto sizes_there = measure(there, Part::facts).sizes;
    std::erase_if(there, [&, i = std::size_t {0}](const MessageRef&) mutable {
        const auto size = sizes_there[i++];
        return !size || std::find(sizes_here.begin(), sizes_here.end(), size) == sizes_here.end();
    });
    return there;
}

std::vector<MessageId> TrashCopier::newcomers_of_trash(const MessageId& above)
{
    const ChangeRequest request {trash_.index, {}, {}, {}};
    Ids sink;
    session_.changes({&request, 1}, sink);
    std::erase_if(sink.ids, [&](const MessageId& id) { return !above.empty() && id < above; });
    return std::move(sink.ids);
}

std::vector<MessageRef> TrashCopier::refs(const Items& items) const
{
    std::vector<MessageRef> refs;
    for (const std::size_t i : items)
        refs.push_back(ref(i));
    return refs;
}

/// What is not given is refused.
TrashCopier::Measures TrashCopier::measure(const Items& items, Part part)
{
    Measuring sink(items.size(), [&](std::size_t index, const Error& why) {
        if (!refused_.contains(items[index])) refuse(items[index], why);
    });
    if (!items.empty()) session_.fetch(refs(items), part, sink);
    return std::move(sink.measures);
}

/// Throws what is not given.
TrashCopier::Measures TrashCopier::measure(const std::vector<MessageRef>& refs, Part part)
{
    Measuring sink(refs.size(), [](std::size_t, const Error& why) { throw why; });
    if (!refs.empty()) session_.fetch(refs, part, sink);
    return std::move(sink.measures);
}

/// As many as memory should hold the texts of; a large one comes alone.
std::vector<TrashCopier::Items> TrashCopier::slices(const Items& items)
{
    constexpr std::uint64_t most_bytes = 8 << 20;
    constexpr std::size_t most = 200;
    const auto known = measure(items, Part::facts).sizes;
    std::vector<Items> slices;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (refused_.contains(items[i])) continue;
        const auto size = known[i].value_or(0);
        if (slices.empty() || bytes + size > most_bytes || slices.back().size() >= most) {
            slices.emplace_back();
            bytes = 0;
        }
        slices.back().push_back(items[i]);
        bytes += size;
    }
    return slices;
}

void TrashCopier::copy(Items items)
{
    outcomes_.begin_batch(items);
    Texts texts(outcomes_, items.size());
    session_.fetch(refs(items), Part::whole, texts);
    Stored stored(outcomes_);
    {
        const auto appender = session_.append(stored);
        for (std::size_t i = 0; i < items.size(); ++i) {
            if (!texts.texts[i]) continue;
            auto& [message, bytes] = *texts.texts[i];
            message.id = {};
            try {
                appender->begin(i, trash_.index, message, bytes.size());
                appender->write(std::as_bytes(std::span(bytes)));
                appender->end();
            } catch (const Error& error) {
                if (error.scope() > Scope::message) throw;
                outcomes_.failed(i, error);
            }
        }
        appender->finish();
    }
    Items copied;
    for (const std::size_t i : stored.there)
        copied.push_back(items[i]);
    remove(std::move(copied));
}

void TrashCopier::remove(Items items)
{
    if (items.empty()) return;
    const auto gone = refs(items);
    outcomes_.begin_batch(std::move(items));
    session_.remove(gone, outcomes_);
}

}  // namespace offlineimap::sync
