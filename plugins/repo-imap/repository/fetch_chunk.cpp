// SPDX-License-Identifier: Apache-2.0
#include "fetch_chunk.hpp"

#include <algorithm>

namespace offlineimap::imap {

std::optional<Error> OpenFolder::objection() const
{
    if (usable()) return std::nullopt;
    const auto what = "read messages of " + where;
    if (!examine.done()) return Error(Errc::protocol, what + ": the server answered out of order");
    if (!examine.ok()) return refusal(what, examine.answer());
    return Error(
        Errc::epoch_changed, what + ": UIDVALIDITY is " + examine.epoch() + " now, was " + epoch);
}

FetchChunk::FetchChunk(
    const OpenFolder& folder, Part part, FetchSink& sink, std::vector<Wanted> wanted)
    : folder_(folder), part_(part), sink_(sink), wanted_(std::move(wanted))
{
    std::sort(wanted_.begin(), wanted_.end(), [](const Wanted& a, const Wanted& b) {
        return a.uid < b.uid;
    });
}

std::string FetchChunk::line() const
{
    // The facts before the text, so that the text can be passed on as it comes.
    std::string items = " (UID FLAGS INTERNALDATE";
    if (part_ != Part::whole) items += " RFC822.SIZE";
    if (part_ == Part::whole) items += " BODY.PEEK[]";
    if (part_ == Part::header) items += " BODY.PEEK[HEADER]";
    std::vector<Uid> uids;
    for (const auto& wanted : wanted_)
        uids.push_back(wanted.uid);
    return "UID FETCH " + UidSet(std::move(uids)).text() + items + ')';
}

Wanted* FetchChunk::find(const FetchItems& items) noexcept
{
    if (!items.uid) return nullptr;
    const auto at =
        std::lower_bound(wanted_.begin(), wanted_.end(), *items.uid, [](const Wanted& w, Uid uid) {
            return w.uid < uid;
        });
    return at != wanted_.end() && at->uid == *items.uid && !at->reported ? &*at : nullptr;
}

bool FetchChunk::is_complete(const FetchItems& items) const noexcept
{
    return items.uid && items.has_flags && items.has_received
        && (part_ == Part::whole || items.size);
}

void FetchChunk::text_begin(const FetchItems& items, std::string_view section, std::uint64_t size)
{
    const std::string_view expected = part_ == Part::header ? "HEADER" : "";
    auto* wanted = find(items);
    if (part_ == Part::facts || section != expected || !folder_.usable()
        || (items.uid && !wanted)) {
        course_ = Course::drop;
    } else if (is_complete(items)) {
        course_ = Course::deliver;
        begin_delivery(*wanted, items, size);
    } else {
        course_ = Course::spool;
        spool_.emplace();
    }
}

void FetchChunk::text(Bytes bytes)
{
    if (course_ == Course::deliver)
        deliver(bytes);
    else if (course_ == Course::spool)
        spool_->write(bytes);
}

void FetchChunk::text_end()
{
    if (course_ == Course::deliver) end_delivery();
    course_ = Course::drop;
}

void FetchChunk::no_text(const FetchItems&, std::string_view)
{
    text_missing_ = true;
}

void FetchChunk::fetched(const FetchItems& items)
{
    if (spool_) deliver_spool(items);
    spool_.reset();
    const bool has_no_text = std::exchange(text_missing_, false);
    auto* wanted = find(items);
    if (!wanted || !folder_.usable()) return;
    if (part_ == Part::facts && is_complete(items)) {
        begin_delivery(*wanted, items, 0);
        end_delivery();
    } else if (has_no_text && part_ != Part::facts) {
        wanted->reported = true;
        sink_.failed(
            wanted->index,
            Error(
                Errc::unavailable, Scope::message, Retry::later,
                "read message " + std::to_string(wanted->uid) + " of " + folder_.where
                    + ": the server has no text for it"));
    }
}

void FetchChunk::begin_delivery(Wanted& wanted, const FetchItems& items, std::uint64_t size)
{
    wanted.reported = true;
    rest_wanted_ = true;
    message_.id.value = std::to_string(wanted.uid);
    message_.flags = items.flags.flags;
    message_.keywords = items.flags.keywords;
    message_.received = items.received;
    message_.size = part_ == Part::whole ? size : items.size.value_or(0);
    sink_.begin(wanted.index, message_, size);
}

void FetchChunk::deliver(Bytes bytes)
{
    if (rest_wanted_) rest_wanted_ = sink_.data(bytes);
}

void FetchChunk::end_delivery()
{
    sink_.end();
}

void FetchChunk::deliver_spool(const FetchItems& items)
{
    auto* wanted = find(items);
    if (!wanted) return;
    begin_delivery(*wanted, items, spool_->size());
    spool_->replay([this](Bytes bytes) { deliver(bytes); });
    end_delivery();
}

std::vector<Wanted> FetchChunk::settle()
{
    std::erase_if(wanted_, [](const Wanted& w) { return w.reported; });
    // One bad message must not hide its neighbours: ask for each alone.
    const auto objection = folder_.objection();
    if (!objection && !answer().ok() && wanted_.size() > 1) return std::move(wanted_);
    for (const auto& lost : wanted_) {
        const auto what = "read message " + std::to_string(lost.uid) + " of " + folder_.where;
        if (objection)
            sink_.failed(lost.index, *objection);
        else if (answer().ok())
            sink_.failed(
                lost.index,
                Error(Errc::not_found, Scope::message, Retry::never, what + ": it is gone"));
        else
            sink_.failed(lost.index, refusal(what, answer()));
    }
    return {};
}

}  // namespace offlineimap::imap
