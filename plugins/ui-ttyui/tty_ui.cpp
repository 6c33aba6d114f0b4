// SPDX-License-Identifier: Apache-2.0
#include "tty_ui.hpp"

#include "common-console/line_writer.hpp"
#include "common-console/message.hpp"
#include "common-console/printable.hpp"
#include "common-console/prompt.hpp"
#include "common-console/units.hpp"

#include <algorithm>
#include <unistd.h>

namespace offlineimap::ui_ttyui {
namespace {

constexpr std::string_view erase_line = "\r\033[K";
constexpr std::string_view plain = "\033[0m";
constexpr std::string_view red = "\033[31m";
constexpr std::string_view yellow = "\033[33m";
constexpr std::string_view bold = "\033[1m";

/// Empty: as the terminal writes by itself.
std::string_view paint(const Event& event) noexcept
{
    if (console::is_failure(event)) return red;
    if (event.level == Level::warning) return yellow;
    return event.kind == EventKind::summary ? bold : std::string_view();
}

/// What the line at the bottom says while this goes on; empty: no news for it.
std::string activity(const Event& event)
{
    switch (event.kind) {
    case EventKind::account_begin:
    case EventKind::connecting:
    case EventKind::listing:
    case EventKind::watching:
        return console::printable(event.text);
    case EventKind::folder_begin:
    case EventKind::copying:
    case EventKind::deleting:
    case EventKind::adding_flags:
    case EventKind::removing_flags:
    case EventKind::moving:
        return console::printable(event.folder.empty() ? event.text : event.folder);
    case EventKind::sleeping: {
        const auto left = event.total > event.done ? event.total - event.done : 0;
        return "Next sync in " + console::duration_text(left);
    }
    default:
        return {};
    }
}

}  // namespace

TtyUi::TtyUi(Host& host)
    : host_(host)
    , terminal_(STDERR_FILENO)
    , ticker_(std::chrono::seconds(1), [this] { count_down(); })
{
}

void TtyUi::start(Control& control)
{
    control_ = &control;
}

void TtyUi::show(const Event& event) noexcept
try {
    const std::lock_guard lock(mutex_);
    follow(event);
    follow_sleep(event);
    print(event);
    draw();
    flush();
} catch (const std::bad_alloc&) {
    // No memory for a line: there is nobody left to tell.
}

/// Where nothing is written anew the thread is never started.
void TtyUi::follow_sleep(const Event& event)
{
    using console::Ticker;
    if (event.kind == EventKind::sleeping && terminal_.can_rewrite()) {
        constexpr std::uint64_t most = 1'000'000'000;
        const auto left = event.total > event.done ? event.total - event.done : 0;
        wakes_ = Clock::now() + std::chrono::seconds(std::min(left, most));
        ticker_.turn(Ticker::Switch::on);
    } else if (event.kind == EventKind::account_begin) {
        wakes_.reset();
        ticker_.turn(Ticker::Switch::off);
    }
}

void TtyUi::count_down() noexcept
try {
    const std::lock_guard lock(mutex_);
    if (!wakes_ || running_ > 0) return;
    const auto left = std::chrono::ceil<std::chrono::seconds>(*wakes_ - Clock::now()).count();
    if (left < 0) return;
    activity_ = "Next sync in " + console::duration_text(static_cast<std::uint64_t>(left));
    draw();
    flush();
} catch (const std::bad_alloc&) {
    // The next second says it.
}

void TtyUi::follow(const Event& event)
{
    if (auto news = activity(event); !news.empty()) activity_ = std::move(news);
    switch (event.kind) {
    case EventKind::account_begin:
        ++running_;
        break;
    case EventKind::account_end:
        end_account();
        break;
    case EventKind::planned:
    case EventKind::progress:
        accounts_.insert_or_assign(
            std::string(event.account),
            Counters {event.done, event.total, event.bytes_done, event.bytes_total});
        meter_.update(progress().counters, event.time);
        break;
    default:
        break;
    }
}

/// What an account did stays in the sum until the last one is through, so that the bar never goes
/// back.
void TtyUi::end_account()
{
    if (running_ > 0) --running_;
    if (running_ > 0) return;
    accounts_.clear();
    activity_.clear();
    meter_.reset();
}

Progress TtyUi::progress() const
{
    Progress progress {
        .activity = activity_,
        .counters = {},
        .bytes_per_second = meter_.bytes_per_second(),
        .seconds_left = meter_.seconds_left()};
    for (const auto& [account, counters] : accounts_)
        progress.counters += counters;
    return progress;
}

/// On a terminal the line at the bottom tells what is going on; in a file nothing else does.
bool TtyUi::wants_line(const Event& event) const noexcept
{
    if (!console::is_worth_a_line(event, host_)) return false;
    if (!terminal_.can_rewrite() || event.level >= Level::warning) return true;
    switch (event.kind) {
    case EventKind::listing:
    case EventKind::planned:
    case EventKind::folder_begin:
    case EventKind::folder_end:
    case EventKind::sleeping:
        return false;
    default:
        return true;
    }
}

void TtyUi::print(const Event& event)
{
    if (!wants_line(event)) return;
    erase();
    const std::string account = console::printable(event.account);
    if (account != heading_ && !account.empty()) output_ += "Account sync " + account + ":\n";
    heading_ = account;
    if (!account.empty()) output_ += ' ';
    output_ += painted(event) + '\n';
}

std::string TtyUi::painted(const Event& event) const
{
    const std::string_view colour = terminal_.has_colour() ? paint(event) : std::string_view();
    std::string line = console::message(event);
    if (colour.empty()) return line;
    return std::string(colour) + line + std::string(plain);
}

/// One column stays free: a terminal that writes into the last one may begin a new line.
void TtyUi::draw()
{
    if (!terminal_.can_rewrite() || !terminal_.is_ours()) return;
    std::string line = progress_line(progress(), terminal_.width() - 1);
    if (line == drawn_) return;
    erase();
    output_ += line;
    drawn_ = std::move(line);
}

void TtyUi::erase()
{
    if (drawn_.empty()) return;
    output_ += erase_line;
    drawn_.clear();
}

void TtyUi::flush() noexcept
{
    console::write_all(terminal_.descriptor(), output_);
    output_.clear();
}

std::optional<std::string> TtyUi::ask(const Question& question)
{
    const std::lock_guard lock(mutex_);
    erase();
    flush();
    return console::ask_at_terminal(question, control_);
}

void TtyUi::close() noexcept
try {
    ticker_.end();
    const std::lock_guard lock(mutex_);
    erase();
    flush();
} catch (const std::bad_alloc&) {
    // The line at the bottom stays; the next program writes behind it.
}

}  // namespace offlineimap::ui_ttyui
