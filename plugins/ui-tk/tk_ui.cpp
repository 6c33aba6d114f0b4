// SPDX-License-Identifier: Apache-2.0
#include "tk_ui.hpp"

#include "common-console/line_writer.hpp"
#include "common-console/message.hpp"
#include "common-console/units.hpp"

#include <X11/Xlib.h>
#include <algorithm>
#include <csignal>
#include <exception>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace offlineimap::ui_tk {
namespace {

using lights::Colour;

constexpr int between_looks = 100;  // ms
constexpr std::size_t most_waiting_lines = 2000;

const char* name_of(Colour colour)
{
    constexpr const char* names[] = {"black", "red",  "gray",   "purple", "cyan",
                                     "green", "blue", "orange", "yellow", "pink"};
    return names[static_cast<std::size_t>(colour)];
}

void wait_for(int event)
{
    std::uint64_t count = 0;
    [[maybe_unused]] const auto size = ::read(event, &count, sizeof count);
}

void ring(int event)
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto size = ::write(event, &one, sizeof one);
}

}  // namespace

TkUi::TkUi(Host& host, const char* script) : host_(host)
{
    const auto& settings = host.settings();
    settings_.font_family = settings.text("fontfamily");
    settings_.font_size = std::clamp<std::int64_t>(settings.number("fontsize"), 4, 100);
    settings_.log_lines = std::clamp<std::int64_t>(settings.number("loglines"), 1, 200);
    settings_.buffer_lines = std::clamp<std::int64_t>(settings.number("bufferlines"), 1, 100'000);
    settings_.script = script;
}

bool TkUi::usable() noexcept
{
    Display* const display = ::XOpenDisplay(nullptr);
    if (display == nullptr) return false;
    ::XCloseDisplay(display);
    return true;
}

void TkUi::start(Control& control)
{
    control_ = &control;
    answered_ = ::eventfd(0, EFD_CLOEXEC);
    const int ready = ::eventfd(0, EFD_CLOEXEC);
    std::exception_ptr failed;
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);  // the signals are for others
    thread_ = std::thread([this, &failed, ready] { run(failed, ready); });
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    wait_for(ready);
    ::close(ready);
    if (failed) {
        thread_.join();
        std::rethrow_exception(failed);
    }
}

void TkUi::run(std::exception_ptr& failed, int ready)
{
    std::unique_ptr<Window> window;
    try {
        window = std::make_unique<Window>(settings_, actions());
    } catch (...) {
        failed = std::current_exception();
    }
    ring(ready);
    while (window && !closing_) {
        update(*window);
        window->handle_events(between_looks);
    }
    window.reset();
    ended_ = true;
}

WindowActions TkUi::actions()
{
    return {
        .sync_now = [this](const std::string& account) { control_->sync_now(account); },
        .stop =
            [this] {
                end_question(std::nullopt);
                control_->stop();
            },
        .answer = [this](std::string answer) { end_question(std::move(answer)); },
        .decline = [this] { end_question(std::nullopt); },
        .lose =
            [this] {
                end_question(std::nullopt);
                control_->stop();
                lost_ = true;
            }};
}

void TkUi::show(const Event& event) noexcept
try {
    const std::lock_guard lock(mutex_);
    board_.follow(event, lights::Board::Clock::now());
    if (event.kind == EventKind::problem) problems_ += console::message(event) + '\n';
    if (!console::is_worth_a_line(event, host_)) return;
    const auto colour =
        console::is_failure(event) ? Colour::red : lights::colour_of(event).value_or(Colour::gray);
    lines_.push_back({console::message(event), colour});
    if (lines_.size() > most_waiting_lines) lines_.pop_front();
} catch (const std::bad_alloc&) {
    // No memory for a line: there is nobody left to tell.
}

void TkUi::update(Window& window)
{
    std::deque<Line> lines;
    {
        const std::lock_guard lock(mutex_);
        lines = std::exchange(lines_, {});
    }
    for (const auto& line : lines)
        window.call({"log_line", line.text, name_of(line.colour)});
    update_lights(window);
    update_question(window);
}

void TkUi::update_lights(Window& window)
{
    std::map<std::uint32_t, lights::Light> lights;
    std::optional<std::chrono::seconds> left;
    {
        const std::lock_guard lock(mutex_);
        lights = board_.lights();
        left = board_.countdown(lights::Board::Clock::now());
    }
    // Red and black in turn while the accounts sleep.
    if (left && left->count() % 2 == 0) lights[0].colour = Colour::black;
    for (const auto& [number, light] : lights) {
        const auto drawn = drawn_.find(number);
        if (drawn != drawn_.end() && drawn->second.colour == light.colour
            && drawn->second.status == light.status)
            continue;
        window.call({"light", std::to_string(number), name_of(light.colour), light.status});
        drawn_.insert_or_assign(number, light);
    }
    const auto countdown = left
        ? "Next sync in " + console::duration_text(static_cast<std::uint64_t>(left->count()))
        : std::string();
    if (countdown != countdown_) window.call({"countdown", countdown});
    countdown_ = countdown;
}

/// Not under the lock: the display may be lost meanwhile.
void TkUi::update_question(Window& window)
{
    std::optional<Asked> news;
    {
        const std::lock_guard lock(mutex_);
        if (!asked_) return;
        if (asked_->over) {
            news = std::exchange(asked_, std::nullopt);
        } else if (!asked_->shown) {
            news = asked_;
            asked_->shown = true;
        }
    }
    if (!news) return;
    if (news->over && news->shown)
        window.call({"end_question"});
    else if (!news->over)
        window.call({"ask", news->text, news->hidden ? "1" : "0", news->yes_no ? "1" : "0"});
}

void TkUi::end_question(std::optional<std::string> answer)
{
    const std::lock_guard lock(mutex_);
    if (!asked_ || asked_->over) return;
    answer_ = std::move(answer);
    asked_->over = true;
    ring(answered_);
}

std::optional<std::string> TkUi::ask(const Question& question)
{
    if (!thread_.joinable()) return std::nullopt;
    {
        const std::lock_guard lock(mutex_);
        answer_.reset();
        asked_ = Asked {std::string(question.text), question.hidden, question.yes_no};
    }
    wait_for(answered_);  // or a signal wants the program's attention
    const std::lock_guard lock(mutex_);
    if (asked_) asked_->over = true;
    auto answer = std::exchange(answer_, std::nullopt);
    if (answer && question.hidden && answer->empty()) return std::nullopt;
    return answer;
}

void TkUi::close() noexcept
{
    closing_ = true;
    if (thread_.joinable()) {
        // Without its display the thread never ends.
        while (!ended_ && !lost_)
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        if (ended_)
            thread_.join();
        else
            thread_.detach();
    }
    if (answered_ >= 0) ::close(std::exchange(answered_, -1));
    console::write_all(STDERR_FILENO, problems_);
    problems_.clear();
}

}  // namespace offlineimap::ui_tk
