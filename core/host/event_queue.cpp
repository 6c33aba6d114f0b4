// SPDX-License-Identifier: Apache-2.0
#include "event_queue.hpp"

#include "core/text/printable.hpp"

#include <utility>

namespace offlineimap::core {

namespace {

bool is_essential(EventKind kind)
{
    switch (kind) {
    case EventKind::account_begin:
    case EventKind::account_end:
    case EventKind::folder_begin:
    case EventKind::folder_end:
    case EventKind::worker_end:
    case EventKind::failure:
    case EventKind::summary:
    case EventKind::problem:
        return true;
    default:
        return false;
    }
}

bool may_be_dropped(const OwnedEvent& event)
{
    return event.level() < Level::warning && !is_essential(event.kind());
}

Error clean_error(const Error& error, const Withheld& withheld)
{
    return {error.code(), error.scope(), error.retry(), withheld.clean(error.what())};
}

}  // namespace

/// The texts are complete before anything points to them.
OwnedEvent::Details::Details(const EventDetails& details, const Withheld& withheld)
{
    const std::string_view* const fixed[] = {
        &details.from.repository,
        &details.from.type,
        &details.from.folder,
        &details.to.repository,
        &details.to.type,
        &details.to.folder,
        &details.flag,
        &details.host,
        &details.port};
    texts.reserve(std::size(fixed) + details.messages.size());
    for (const auto* text : fixed)
        texts.push_back(withheld.clean(*text));
    for (const auto& id : details.messages)
        texts.push_back(printable(id));
    messages.assign(texts.begin() + std::size(fixed), texts.end());
    view = {
        {texts[0], texts[1], texts[2]},
        {texts[3], texts[4], texts[5]},
        messages,
        texts[6],
        texts[7],
        texts[8]};
}

OwnedEvent::OwnedEvent(const Event& event, const Withheld& withheld)
    : event_(event)
    , account_(printable(event.account))
    , repository_(printable(event.repository))
    , folder_(withheld.clean(event.folder))
    , text_(withheld.clean(event.text))
    , details_(event.details ? std::make_unique<Details>(*event.details, withheld) : nullptr)
{
    event_.account = event_.repository = event_.folder = event_.text = {};
    event_.error = nullptr;
    event_.details = nullptr;
    if (event.error != nullptr) error_ = clean_error(*event.error, withheld);
    if (event_.kind == EventKind::failure && event_.level < Level::warning)
        event_.level = Level::error;
    if (event_.time == decltype(event_.time) {}) event_.time = std::chrono::system_clock::now();
}

Event OwnedEvent::view() const
{
    Event event = event_;
    event.account = account_;
    event.repository = repository_;
    event.folder = folder_;
    event.text = text_;
    event.error = error_ ? &*error_ : nullptr;
    event.details = details_ ? &details_->view : nullptr;
    return event;
}

EventQueue::EventQueue(std::size_t capacity) : capacity_(capacity) { }

void EventQueue::push(OwnedEvent event)
{
    if (event.kind() == EventKind::progress) {
        auto account = event.account();
        progress_.insert_or_assign(std::move(account), std::move(event));
        return;
    }
    // What an account had reached is no news once it has ended.
    if (event.kind() == EventKind::account_end) progress_.erase(event.account());
    if (events_.size() >= capacity_ && may_be_dropped(event))
        ++dropped_;
    else
        events_.push_back(std::move(event));
}

std::vector<OwnedEvent> EventQueue::take()
{
    auto all = std::exchange(events_, {});
    for (auto& [account, event] : std::exchange(progress_, {}))
        all.push_back(std::move(event));
    return all;
}

}  // namespace offlineimap::core
