// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <algorithm>

namespace offlineimap::sync {

Report::Report(Events& events, Commands commands, Both<std::string> repositories)
    : events_(events), commands_(std::move(commands)), repositories_(std::move(repositories))
{
}

void Report::say(
    EventKind kind, Side side, const std::string& folder, const std::string& text,
    std::uint64_t total) const
{
    EventDetails details;
    details.to.folder = folder;
    say(kind, side, folder, text, total, details);
}

void Report::say(
    EventKind kind, Side side, const std::string& folder, const std::string& text,
    std::uint64_t total, EventDetails details, Level level) const
{
    details.from.repository = repositories_[other(side)];
    details.to.repository = repositories_[side];
    Event event;
    event.kind = kind;
    event.level = level;
    event.details = &details;
    event.time = std::chrono::system_clock::now();
    event.account = commands_.account;
    event.repository = repositories_[side];
    event.folder = folder;
    event.text = text;
    event.total = total;
    events_.post(event);
}

void Report::say_new_epoch(
    Side side, const std::string& folder, std::string_view kept, std::string_view now) const
{
    const std::string_view epochs[] = {kept, now};
    EventDetails details;
    details.to.folder = folder;
    details.flag = "UIDVALIDITY";
    details.messages = epochs;
    std::string text = "UIDVALIDITY of " + folder + " in " + repository(side) + " was ";
    text.append(kept).append(" and is ").append(now);
    say(EventKind::log, side, folder, text, 0, details);
}

void Report::worker_ends() const
{
    Event event;
    event.kind = EventKind::worker_end;
    event.level = Level::debug;
    event.account = commands_.account;
    event.text = "worker has nothing more to do";
    events_.post(event);
}

void Report::log(Level level, const std::string& text) const
{
    Event event;
    event.level = level;
    event.time = std::chrono::system_clock::now();
    event.account = commands_.account;
    event.text = text;
    events_.post(event);
}

bool Report::first_time(const std::string& text)
{
    const std::lock_guard lock(mutex_);
    return said_.insert(text).second;
}

void Report::failed(PairIndex pair, const Error& error)
{
    hold_back(pair);
    {
        const std::lock_guard lock(mutex_);
        last_failure_[pair] = error.what();
    }
    failed(error);
}

std::string Report::last_failure(PairIndex pair) const
{
    const std::lock_guard lock(mutex_);
    const auto it = last_failure_.find(pair);
    return it == last_failure_.end() ? std::string() : it->second;
}

void Report::passed_over(const Error& error)
{
    if (first_time(error.what())) log(Level::warning, error.what());
}

Error with_remedy(const Error& error, const Commands& commands)
{
    if (error.code() != Errc::corrupt) return error;
    return {
        error.code(), error.scope(), error.retry(),
        std::string(error.what()) + "; nothing was changed. To mend it, run: " + commands.repair()};
}

void Report::failed(const Error& failure)
{
    const Error error = with_remedy(failure, commands_);
    if (!first_time(error.what())) return;
    {
        const std::lock_guard lock(mutex_);
        failures_.push_back(error.code());
    }
    Event event;
    event.kind = EventKind::failure;
    event.level = Level::error;
    event.time = std::chrono::system_clock::now();
    event.account = commands_.account;
    event.text = error.what();
    event.error = &error;
    events_.post(event);
}

void Report::hold_back(PairIndex pair)
{
    const std::lock_guard lock(mutex_);
    held_back_.insert(pair);
}

void Report::unresolved(PairIndex pair)
{
    const std::lock_guard lock(mutex_);
    unresolved_.insert(pair);
}

bool Report::is_held_back(PairIndex pair) const
{
    const std::lock_guard lock(mutex_);
    return held_back_.contains(pair) || unresolved_.contains(pair);
}

std::set<PairIndex> Report::take_unresolved()
{
    const std::lock_guard lock(mutex_);
    return std::exchange(unresolved_, {});
}

void Report::expect(std::uint64_t messages)
{
    Event event;
    {
        const std::lock_guard lock(mutex_);
        total_ += messages;
        event.done = done_;
        event.total = total_;
        event.bytes_done = bytes_;
    }
    if (messages == 0) return;
    event.kind = EventKind::planned;
    event.level = Level::debug;
    event.time = std::chrono::system_clock::now();
    event.account = commands_.account;
    const auto text = std::to_string(event.total) + " messages to copy";
    event.text = text;
    events_.post(event);
}

void Report::progress(std::uint64_t messages, std::uint64_t bytes)
{
    using namespace std::chrono_literals;
    Event event;
    {
        const std::lock_guard lock(mutex_);
        done_ += messages;
        bytes_ += bytes;
        const auto now = std::chrono::steady_clock::now();
        if (now - last_progress_ < 100ms && done_ < total_) return;
        last_progress_ = now;
        event.done = done_;
        event.total = total_;
        event.bytes_done = bytes_;
    }
    event.kind = EventKind::progress;
    event.time = std::chrono::system_clock::now();
    event.account = commands_.account;
    const auto text =
        std::to_string(event.done) + " of " + std::to_string(event.total) + " messages";
    event.text = text;
    events_.post(event);
}

void Report::add(const Counts& counts)
{
    const std::lock_guard lock(mutex_);
    counts_.copied += counts.copied;
    counts_.bytes += counts.bytes;
    counts_.edited += counts.edited;
    counts_.moved += counts.moved;
    counts_.removed += counts.removed;
    counts_.adopted += counts.adopted;
    counts_.folders_created += counts.folders_created;
}

Counts Report::counts() const
{
    const std::lock_guard lock(mutex_);
    return counts_;
}

void Report::arrived(NewMail message)
{
    const std::lock_guard lock(mutex_);
    new_mail_.push_back(std::move(message));
}

std::vector<NewMail> Report::new_mail() const
{
    const std::lock_guard lock(mutex_);
    return new_mail_;
}

std::vector<Errc> Report::failures() const
{
    const std::lock_guard lock(mutex_);
    return failures_;
}

}  // namespace offlineimap::sync
