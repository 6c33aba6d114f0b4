// SPDX-License-Identifier: Apache-2.0
#include "folder_fetch.hpp"

#include <utility>

namespace offlineimap::imap {

FolderFetch::FolderFetch(
    std::string where, std::string epoch, std::shared_ptr<const SelectCommand> examine, Part part,
    FetchSink& sink)
    : where_(std::move(where))
    , epoch_(std::move(epoch))
    , examine_(std::move(examine))
    , part_(part)
    , sink_(sink)
{
}

std::string FolderFetch::what(Uid uid) const
{
    return "read message " + std::to_string(uid) + " of " + where_;
}

bool FolderFetch::usable() const
{
    return examine_->ok() && (epoch_.empty() || examine_->epoch() == epoch_);
}

/// Why nothing can be read from the folder; nothing when all is well.
std::optional<Error> FolderFetch::objection() const
{
    if (usable()) return std::nullopt;
    const auto reading = "read messages of " + where_;
    if (!examine_->done())
        return Error(Errc::protocol, reading + ": the server answered out of order");
    if (!examine_->ok()) return refusal(reading, examine_->answer());
    return wrong_epoch(reading, *examine_, epoch_);
}

std::string FolderFetch::ask_for(const std::vector<Wanted>& wanted)
{
    // The facts before the text, so that the text can be passed on as it comes.
    std::string items = " (UID FLAGS INTERNALDATE";
    if (part_ != Part::whole) items += " RFC822.SIZE";
    if (part_ == Part::whole) items += " BODY.PEEK[]";
    if (part_ == Part::header) items += " BODY.PEEK[HEADER]";
    std::vector<Uid> uids;
    uids.reserve(wanted.size());
    for (const auto& message : wanted) {
        uids.push_back(message.uid);
        awaited_.emplace(message.uid, message.index);
    }
    return "UID FETCH " + UidSet(std::move(uids)).text() + items + ')';
}

bool FolderFetch::awaits(const FetchItems& items) const
{
    return items.uid && awaited_.contains(*items.uid);
}

bool FolderFetch::is_complete(const FetchItems& items) const noexcept
{
    return items.uid && items.has_flags && items.has_received
        && (part_ == Part::whole || items.size);
}

void FolderFetch::text_begin(const FetchItems& items, std::string_view section, std::uint64_t size)
{
    const std::string_view expected = part_ == Part::header ? "HEADER" : "";
    const bool is_wanted =
        part_ != Part::facts && section == expected && usable() && (!items.uid || awaits(items));
    if (!is_wanted || delivered_ || spool_) {  // a response is about one message
        course_ = Course::drop;
    } else if (is_complete(items)) {
        course_ = Course::deliver;
        begin_delivery(items, size);
    } else {
        course_ = Course::spool;
        spool_.emplace();
    }
}

void FolderFetch::text(Bytes bytes)
{
    if (course_ == Course::deliver)
        deliver(bytes);
    else if (course_ == Course::spool)
        spool_->write(bytes);
}

void FolderFetch::text_end()
{
    // Behind a literal of another size than was said no response goes on.
    if (std::exchange(course_, Course::drop) == Course::deliver) delivered_ = true;
}

void FolderFetch::fetched(const FetchItems& items)
{
    if (std::exchange(delivered_, false)) sink_.end();
    const bool has_no_text = std::exchange(text_missing_, false);
    auto spool = std::exchange(spool_, std::nullopt);
    if (!awaits(items) || !usable()) return;
    if (spool) {
        begin_delivery(items, spool->size());
        spool->replay([this](Bytes bytes) { deliver(bytes); });
        sink_.end();
    } else if (part_ == Part::facts && is_complete(items)) {
        begin_delivery(items, 0);
        sink_.end();
    } else if (part_ != Part::facts && has_no_text) {
        report_no_text(*items.uid);
    }
}

void FolderFetch::begin_delivery(const FetchItems& items, std::uint64_t size)
{
    const auto awaited = awaited_.extract(*items.uid);
    rest_wanted_ = true;
    message_.id.value = std::to_string(*items.uid);
    message_.flags = items.flags.flags;
    message_.keywords = items.flags.keywords;
    message_.received = items.received;
    message_.size = part_ == Part::whole ? size : items.size.value_or(0);
    sink_.begin(awaited.mapped(), message_, size);
}

void FolderFetch::deliver(Bytes bytes)
{
    if (rest_wanted_) rest_wanted_ = sink_.data(bytes);
}

void FolderFetch::report_no_text(Uid uid)
{
    const auto awaited = awaited_.extract(uid);
    sink_.failed(
        awaited.mapped(),
        Error(
            Errc::unavailable, Scope::message, Retry::later,
            what(uid) + ": the server has no text for it"));
}

std::vector<Wanted> FolderFetch::settle(const std::vector<Wanted>& wanted, const Answer& answer)
{
    std::vector<Wanted> lost;
    for (const auto& message : wanted)
        if (awaited_.erase(message.uid) > 0) lost.push_back(message);
    const auto problem = objection();
    // One bad message must not hide its neighbours: ask for each alone.
    const bool may_be_one = !answer.ok() && !asks_for_patience(answer);
    if (!problem && may_be_one && wanted.size() > 1) return lost;
    for (const auto& message : lost) {
        if (problem)
            sink_.failed(message.index, *problem);
        else if (answer.ok())
            sink_.failed(
                message.index,
                Error(
                    Errc::not_found, Scope::message, Retry::never,
                    what(message.uid) + ": it is gone"));
        else
            sink_.failed(message.index, message_refusal(what(message.uid), answer));
    }
    return {};
}

}  // namespace offlineimap::imap
