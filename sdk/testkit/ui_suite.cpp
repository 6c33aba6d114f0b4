// SPDX-License-Identifier: Apache-2.0
#include "ui_suite.hpp"

#include "check.hpp"
#include "child_on_terminal.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

namespace offlineimap::testkit {
namespace {

/// An interface that cannot work here ends its process with this.
constexpr int not_usable = 77;

struct NoControl final : Control {
    void sync_now(std::string_view /*account*/) override { }
    void stop() override { }
};

using Play = void (*)(Ui&);

ChildOutcome play(UiBench& bench, Streams streams, Play scene, unsigned short columns = 80)
{
    return run_child(streams, columns, columns > 1 ? 24 : 1, [&] {
        NoControl control;
        const auto ui = bench.ui();
        if (!ui->usable()) return not_usable;
        ui->start(control);
        scene(*ui);
        ui->close();
        return 0;
    });
}

void require_end(const ChildOutcome& outcome, const std::string& what)
{
    require(
        outcome.status == 0 || outcome.status == not_usable,
        what + " must do no harm; the process ended with " + std::to_string(outcome.status) + ": "
            + outcome.output.substr(0, 200));
    require(outcome.restored, what + ": close() must leave the terminal as it was");
}

void everywhere(UiBench& bench, Play scene, const std::string& what)
{
    for (const Streams streams : {Streams::terminal, Streams::pipes})
        require_end(play(bench, streams, scene), what);
    require_end(play(bench, Streams::terminal, scene, 1), what + " in a window of one column");
}

/// Kinds of today, and some that are not invented yet.
void every_kind(Ui& ui, const Event& like)
{
    Event event = like;
    for (std::uint16_t kind = 0; kind < 40; ++kind) {
        event.kind = static_cast<EventKind>(kind);
        for (const Level level : {Level::debug, Level::info, Level::warning, Level::error}) {
            event.level = level;
            ui.show(event);
        }
    }
}

void a_run(Ui& ui)
{
    const Error error(Errc::network, "connection lost");
    Event event;
    event.account = "work";
    event.repository = "remote";
    event.folder = "INBOX";
    event.text = "something happens";
    event.time = std::chrono::system_clock::now();
    event.total = 10;
    event.bytes_total = 10'000;
    event.error = &error;
    every_kind(ui, event);
}

void nothing(Ui& /*ui*/) { }

void bare_events(Ui& ui)
{
    every_kind(ui, {});
}

void odd_numbers(Ui& ui)
{
    Event event;
    event.account = "work";
    event.text = "odd";
    event.worker = UINT32_MAX;
    event.done = event.bytes_done = UINT64_MAX;
    event.total = event.bytes_total = 1;
    every_kind(ui, event);
    event.total = event.bytes_total = UINT64_MAX;
    every_kind(ui, event);
    using Time = std::chrono::system_clock::time_point;
    event.kind = EventKind::progress;
    event.done = event.bytes_done = 0;
    for (const Time time : {Time::min(), Time::max(), Time()}) {
        event.time = time;
        ui.show(event);
        event.done = event.bytes_done = UINT64_MAX / 2;
        event.time += std::chrono::seconds(time == Time::max() ? 0 : 1);
        ui.show(event);
    }
}

constexpr std::string_view hostile = "\033]0;owned\007\033[7777h\x9b"
                                     "7777h\xc2\x9b"
                                     "7777h\r\n\xe2\x80\xae"
                                     "end\xff";

void hostile_texts(Ui& ui)
{
    Event event;
    event.account = event.repository = event.folder = event.text = hostile;
    event.total = 10;
    every_kind(ui, event);
}

void flood(Ui& ui)
{
    Event event;
    event.account = "work";
    event.text = "one of many";
    event.total = 100'000;
    for (; event.done < event.total; ++event.done) {
        event.kind = event.done % 10 == 0 ? EventKind::log : EventKind::progress;
        event.time += std::chrono::milliseconds(100);
        event.worker = static_cast<std::uint32_t>(event.done % 1000);
        ui.show(event);
    }
}

void questions(Ui& ui)
{
    a_run(ui);
    for (const Question& question :
         {Question {.text = "a name?"}, Question {.text = "a password?", .hidden = true},
          Question {.text = "sure?", .yes_no = true}})
        if (ui.ask(question)) throw Broken("ask() without anybody there has no answer");
}

void closes(Ui& ui)
{
    a_run(ui);
    ui.close();
    ui.close();
}

void shows_every_kind(UiBench& bench)
{
    everywhere(bench, a_run, "show() of any kind of event");
}

void stands_silence(UiBench& bench)
{
    everywhere(bench, nothing, "a run without events");
}

void shows_bare_events(UiBench& bench)
{
    everywhere(bench, bare_events, "show() of bare events");
}

void shows_odd_numbers(UiBench& bench)
{
    everywhere(bench, odd_numbers, "show() of odd numbers");
}

void closes_twice(UiBench& bench)
{
    everywhere(bench, closes, "close() more than once");
}

void carries_a_flood(UiBench& bench)
{
    require_end(play(bench, Streams::terminal, flood), "a flood of events");
    require_end(play(bench, Streams::pipes, flood), "a flood of events");
}

void passes_no_escape_on(UiBench& bench)
{
    for (const Streams streams : {Streams::terminal, Streams::pipes}) {
        const ChildOutcome outcome = play(bench, streams, hostile_texts);
        require_end(outcome, "show() of a hostile text");
        for (const std::string_view trick :
             {"\033]0;", "\033[7777", "\2337777", "\007", "\xe2\x80\xae"})
            require(
                outcome.output.find(trick) == std::string::npos,
                "no control character of a text may reach the terminal");
    }
}

void has_no_answer_without_a_person(UiBench& bench)
{
    require_end(play(bench, Streams::pipes, questions), "ask() without a terminal");
}

constexpr UiCheck checks[] = {
    {"shows_every_kind", shows_every_kind},
    {"shows_bare_events", shows_bare_events},
    {"shows_odd_numbers", shows_odd_numbers},
    {"stands_silence", stands_silence},
    {"closes_twice", closes_twice},
    {"carries_a_flood", carries_a_flood},
    {"passes_no_escape_on", passes_no_escape_on},
    {"has_no_answer_without_a_person", has_no_answer_without_a_person},
};

}  // namespace

std::span<const UiCheck> ui_checks()
{
    return checks;
}

}  // namespace offlineimap::testkit
