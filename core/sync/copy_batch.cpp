// SPDX-License-Identifier: Apache-2.0
#include "copy_batch.hpp"

#include <algorithm>
#include <map>

namespace offlineimap::sync {

using Stage = CopyState::Stage;

void CopyState::refused(std::size_t index, const Error& why, Report& report)
{
    if (!asks_for_patience(why)) return give_up(index, why, report);
    stage[index] = Stage::put_off;
    put_off.add(index, why);
}

void CopyState::give_up(std::size_t index, const Error& why, Report& report)
{
    stage[index] = Stage::given_up;
    report.failed(copies[index].pair, why);
}

void CopyState::begin_again()
{
    std::replace(stage.begin(), stage.end(), Stage::put_off, Stage::waiting);
}

CopyBatch::CopyBatch(SyncContext& context, CopyState& state, Side to, SessionPool::Lease session)
    : context_(context)
    , state_(state)
    , to_(to)
    , session_(std::move(session))
    , appender_(session_->append(*this))
{
}

void CopyBatch::begun(std::size_t index, std::uint64_t size)
{
    places_.emplace(index, items_.size());
    items_.push_back({index, size, std::nullopt});
    bytes_ += size;
}

CopyBatch::Item* CopyBatch::item(std::size_t index)
{
    const auto it = places_.find(index);
    return it == places_.end() ? nullptr : &items_[it->second];
}

void CopyBatch::stored(std::size_t index, const MessageId& id)
{
    if (Item* const it = item(index)) it->id = id;
}

void CopyBatch::failed(std::size_t index, const Error& why)
{
    const Item* const it = item(index);
    // There is no mail in it, and no next run could do better.
    const bool is_empty = it && it->size == 0;
    if (!is_empty || why.scope() != Scope::message || why.retry() != Retry::never)
        return state_.refused(index, why, context_.report);
    state_.stage[index] = Stage::given_up;
    context_.report.passed_over(why);
}

void CopyBatch::finish()
{
    try {
        appender_->finish();
    } catch (...) {
        drop();
        throw;
    }
    appender_.reset();
}

void CopyBatch::drop() noexcept
{
    appender_.reset();
    session_.drop();
}

Known CopyBatch::known(const Item& item) const
{
    Known known;
    known.id[other(to_)] = state_.copies[item.index].id;
    known.id[to_] = *item.id;
    if (context_.takes_ids(other(to_))) known.id[other(to_)] = *item.id;
    known.marks = state_.copies[item.index].marks;
    return known;
}

namespace {

/// What became of each assignment.
class Assigned final : public ResultSink {
public:
    explicit Assigned(std::size_t count) : done_(count) { }
    void done(std::size_t index) override { done_[index] = true; }
    void failed(std::size_t, const Error&) override { }
    bool operator[](std::size_t index) const { return done_[index]; }

private:
    std::vector<bool> done_;
};

}  // namespace

void CopyBatch::assign(Session& source)
{
    if (!context_.takes_ids(other(to_))) return;
    std::vector<Assign> assigns;
    std::vector<Item*> named;
    std::map<PairIndex, std::vector<Announced>> announced;
    for (Item& item : items_) {
        if (!item.id || item.id->empty()) continue;
        const Copy& copy = state_.copies[item.index];
        assigns.push_back({{context_.folder(copy.pair, other(to_)), copy.id}, *item.id});
        announced[copy.pair].push_back({*item.id, copy.marks});
        named.push_back(&item);
    }
    for (const auto& [pair, messages] : announced)
        context_.memory.announce_ids(pair, messages);
    Assigned result(assigns.size());
    source.assign(assigns, result);
    for (std::size_t i = 0; i < named.size(); ++i)
        // Renamed or removed by somebody meanwhile: the next pass finds the two by content.
        if (!result[i]) named[i]->id->value.clear();
}

void CopyBatch::tell_new_mail(PairIndex pair, const Item& item)
{
    const Side from = other(to_);
    const bool is_inbox = context_.pairs[pair].folder[from].uses.has(FolderUse::inbox);
    if (!context_.rules[from].tells_new_mail || !is_inbox) return;
    if (state_.copies[item.index].marks.flags.has(Flag::seen)) return;
    context_.report.arrived({from, {context_.folder(pair, to_), *item.id}});
}

void CopyBatch::record()
{
    std::map<PairIndex, std::vector<const Item*>> stored;
    for (const Item& item : items_)
        if (item.id) stored[state_.copies[item.index].pair].push_back(&item);
    for (const auto& [pair, items] : stored)
        record(pair, items);
    if (!stored.empty()) state_.progressed = true;
}

void CopyBatch::record(PairIndex pair, const std::vector<const Item*>& items)
{
    std::vector<Known> records;
    Counts counts;
    for (const Item* item : items) {
        if (item->id->empty()) {
            context_.report.unresolved(pair);
            continue;
        }
        records.push_back(known(*item));
        tell_new_mail(pair, *item);
        ++counts.copied;
        counts.bytes += item->size;
    }
    context_.memory.apply(pair, records, {});
    // Only now: what is stored but not recorded has to be looked up.
    for (const Item* item : items)
        state_.stage[item->index] = Stage::stored;
    context_.report.add(counts);
    context_.report.progress(counts.copied, counts.bytes);
}

}  // namespace offlineimap::sync
