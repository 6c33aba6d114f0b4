// SPDX-License-Identifier: Apache-2.0
#include "blinkenlights.hpp"

#include "common-console/line_writer.hpp"
#include "common-console/message.hpp"
#include "common-console/printable.hpp"
#include "common-console/prompt.hpp"
#include "common-console/terminal.hpp"
#include "common-console/units.hpp"

#include <algorithm>
#include <unistd.h>

namespace offlineimap::ui_blinkenlights {
namespace {

using namespace std::chrono_literals;
using lights::Colour;

constexpr auto between_looks = 100ms;
constexpr std::size_t most_lines = 1000;
constexpr std::size_t name_width = 12;

std::string first_character(const std::string& text)
{
    const auto clean = console::printable(text);
    const auto one = console::fitting(clean, 1);
    return one.empty() ? "@" : std::string(one);
}

std::string right_aligned(std::string_view text, std::size_t width)
{
    const auto visible = console::fitting(text, width);
    return std::string(width - console::columns(visible), ' ') + std::string(visible);
}

}  // namespace

Blinkenlights::Blinkenlights(Host& host)
    : host_(host)
    , light_(first_character(host.settings().text("statuschar")))
    , ticker_(between_looks, [this] { tick(); })
{
}

bool Blinkenlights::usable() const noexcept
{
    return ::isatty(STDIN_FILENO) == 1 && console::Terminal(STDOUT_FILENO).can_rewrite()
        && console::Terminal(STDOUT_FILENO).is_ours();
}

void* Blinkenlights::facet(std::string_view name) noexcept
{
    return name == every_message_facet ? this : nullptr;
}

void Blinkenlights::start(Control& control)
{
    control_ = &control;
    screen_ = std::make_unique<CursesScreen>();
    if (!screen_->is_on())
        throw Error(
            Errc::config,
            "blinkenlights: this is no terminal that curses knows; try -u ttyui, or set TERM");
    draw();
    ticker_.turn(console::Ticker::Switch::on);
}

void Blinkenlights::show(const Event& event) noexcept
try {
    const std::lock_guard lock(mutex_);
    board_.follow(event, lights::Board::Clock::now());
    remember(event);
} catch (const std::bad_alloc&) {
    // No memory for a line: there is nobody left to tell.
}

void Blinkenlights::remember(const Event& event)
{
    if (event.kind == EventKind::problem) problems_ += console::message(event) + '\n';
    if (!console::is_worth_a_line(event, host_)) return;
    const auto colour =
        console::is_failure(event) ? Colour::red : lights::colour_of(event).value_or(Colour::gray);
    log_.push_back({console::message(event), colour});
    if (log_.size() > most_lines) log_.pop_front();
}

void Blinkenlights::tick() noexcept
try {
    const std::lock_guard lock(mutex_);
    if (!screen_) return;
    for (int key = screen_->key(); key >= 0; key = screen_->key())
        take_key(key);
    draw();
} catch (const std::exception&) {
    // The next look may fare better.
}

void Blinkenlights::take_key(int key)
{
    if (key == 'q' || key == 'Q') return control_->stop();
    const auto number = static_cast<std::size_t>(key - '0');
    const auto& accounts = board_.accounts();
    if (key >= '0' && key <= '9' && number < accounts.size())
        control_->sync_now(accounts[number].name);
}

/// From the bottom: the first account, the others above it, the control row, the log, the banner.
/// What does not fit is left out from the top.
void Blinkenlights::draw()
{
    if (!screen_) return;
    screen_->fit();
    screen_->clear();
    const auto rows = screen_->rows();
    const auto& accounts = board_.accounts();
    const auto wanted = accounts.size() + 1;
    const auto below = std::min(wanted, rows > 2 ? rows - 2 : rows > 1 ? 1 : 0);
    for (std::size_t i = 0; i < below && i < accounts.size(); ++i)
        draw_account(rows - 1 - i, i, accounts[i]);
    if (below == wanted) draw_control(rows - wanted);
    if (rows > below + 1) draw_log(1, rows - below - 1);
    if (rows > below) screen_->put_banner("OfflineIMAP " OFFLINEIMAP_VERSION, "q: quit");
    screen_->refresh(rows - 1, screen_->columns() - 1);
}

void Blinkenlights::draw_log(std::size_t first_row, std::size_t rows)
{
    const auto count = std::min(rows, log_.size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto& line = log_[log_.size() - count + i];
        screen_->put(first_row + i, 0, line.text, line.colour);
    }
}

void Blinkenlights::draw_account(
    std::size_t row, std::size_t number, const lights::Account& account)
{
    const auto left = lights::seconds_left(account, lights::Board::Clock::now()).count();
    const auto state = account.wakes
        ? right_aligned(console::duration_text(static_cast<std::uint64_t>(left)), 6)
        : std::string("active");
    const auto key = number < 10 ? std::to_string(number) : "-";
    auto column = screen_->put(
        row, 0, key + ": [" + state + "] " + right_aligned(account.name, name_width) + ": ",
        account.wakes ? Colour::red : Colour::gray);
    for (const auto worker : account.workers)
        column = screen_->put(row, column, light_, board_.lights().at(worker).colour);
}

void Blinkenlights::draw_control(std::size_t row)
{
    const auto countdown = board_.countdown(lights::Board::Clock::now());
    auto text = "   [      ] " + right_aligned("*Control", name_width) + ": ";
    const auto column = screen_->put(row, 0, text, Colour::gray);
    const bool dark = countdown && countdown->count() % 2 == 0;  // red and black in turn
    const auto end = screen_->put(row, column, light_, dark ? Colour::black : Colour::red);
    if (countdown)
        screen_->put(
            row, end,
            "  Next sync in "
                + console::duration_text(static_cast<std::uint64_t>(countdown->count())),
            Colour::red);
}

/// The screen is left for the question: a password never passes through curses.
std::optional<std::string> Blinkenlights::ask(const Question& question)
{
    const std::lock_guard lock(mutex_);
    if (!screen_) return std::nullopt;
    screen_.reset();
    auto answer = console::ask_at_terminal(question, control_);
    screen_ = std::make_unique<CursesScreen>();
    if (!screen_->is_on()) screen_.reset();
    return answer;
}

void Blinkenlights::close() noexcept
try {
    ticker_.end();
    const std::lock_guard lock(mutex_);
    screen_.reset();
    console::write_all(STDERR_FILENO, problems_);
    problems_.clear();
} catch (const std::exception&) {
    // Nothing more can be done for it.
}

}  // namespace offlineimap::ui_blinkenlights
