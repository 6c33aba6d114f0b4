// SPDX-License-Identifier: Apache-2.0
#include "testkit/loaded_plugin.hpp"
#include "testkit/test_host.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <offlineimap/ui.hpp>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

// Plays a scene to an interface that is loaded from its library: ui-driver LIBRARY TYPE SCENE.

namespace offlineimap {
namespace {

struct TestControl final : Control {
    bool stopped = false;
    void sync_now(std::string_view /*account*/) override { }
    void stop() override { stopped = true; }
};

using Clock = std::chrono::system_clock;

Event event(EventKind kind, std::string_view text)
{
    Event event;
    event.kind = kind;
    event.account = "work";
    event.text = text;
    event.time = Clock::time_point(std::chrono::seconds(1'000'000));
    return event;
}

Event counters(EventKind kind, std::uint64_t done, std::chrono::seconds after)
{
    Event progress = event(kind, "copied some of 1000 messages");
    progress.done = done;
    progress.total = 1000;
    progress.bytes_done = done * 1'000'000;
    progress.bytes_total = 1'000'000'000;
    progress.time += after;
    return progress;
}

Event log(Level level, std::string_view text)
{
    Event line = event(EventKind::log, text);
    line.account = {};
    line.level = level;
    return line;
}

void half_a_run(Ui& ui)
{
    using namespace std::chrono_literals;
    ui.show(log(Level::info, "OfflineIMAP"));
    ui.show(event(EventKind::account_begin, "*** Processing account work"));
    ui.show(event(EventKind::connecting, "Establishing connection to mail.example:993 (R)"));
    ui.show(event(EventKind::listing, "Listing 50 folders of R"));
    ui.show(counters(EventKind::planned, 0, 0s));
    Event copying = event(EventKind::copying, "Copying 1000 messages to INBOX[L]");
    copying.folder = "INBOX";
    ui.show(copying);
    ui.show(counters(EventKind::progress, 100, 10s));
    ui.show(counters(EventKind::progress, 200, 20s));
}

void a_run(Ui& ui)
{
    using namespace std::chrono_literals;
    half_a_run(ui);
    ui.show(counters(EventKind::progress, 1000, 100s));
    ui.show(event(EventKind::summary, "1000 messages copied"));
    ui.show(event(EventKind::account_end, "*** Finished account 'work' in 1:40"));
    ui.show(event(EventKind::worker_end, "worker 1 has ended"));
    Event sleep = event(EventKind::sleeping, "Next sync in 300 seconds");
    sleep.account = {};
    sleep.total = 300;
    ui.show(sleep);
    sleep.done = 1;
    ui.show(sleep);
}

void troubles(Ui& ui)
{
    const Error error(Errc::network, "connection lost");
    Event failure = event(EventKind::failure, "read from mail.example: connection lost");
    failure.error = &error;
    half_a_run(ui);
    ui.show(failure);
    ui.show(log(Level::warning, "the certificate ends in 3 days"));
    ui.show(log(Level::error, "a log line of level error"));
    ui.show(log(Level::debug, "a debug line"));
}

/// What a server may try: colours, the title, an answer-back, C1 controls, a turned text.
void escapes(Ui& ui)
{
    const std::string evil = "\033]0;title\007\033[2J\033[c\x9b"
                             "31m\xc2\x9b"
                             "31m\b\b\r\n\x7f\xe2\x80\xae";
    half_a_run(ui);
    for (int kind = 0; kind < 25; ++kind) {
        Event event;
        event.kind = static_cast<EventKind>(kind);
        event.account = event.repository = event.folder = event.text = evil;
        event.total = 10;
        ui.show(event);
    }
    ui.show(log(Level::error, evil));
    (void)ui.ask({.text = evil, .hidden = true});
}

void unknown(Ui& ui)
{
    Event next = event(static_cast<EventKind>(999), "something new happened");
    ui.show(next);
    next.text = {};
    ui.show(next);
    next.kind = EventKind::failure;
    ui.show(next);
}

void flood(Ui& ui)
{
    using namespace std::chrono_literals;
    for (int i = 0; i < 100'000; ++i) {
        if (i % 100 == 0) ui.show(log(Level::error, "failure " + std::to_string(i)));
        ui.show(counters(EventKind::progress, static_cast<std::uint64_t>(i) / 100, i * 1s));
    }
}

struct Scene {
    std::string_view name;
    void (*play)(Ui&);
};

constexpr Scene scenes[] = {
    {"half", half_a_run}, {"run", a_run},       {"troubles", troubles},
    {"escapes", escapes}, {"unknown", unknown}, {"flood", flood},
};

void ask(Ui& ui, std::string_view scene)
{
    Question question {.text = "Enter password for user 'u':"};
    question.hidden = scene == "password";
    question.yes_no = scene == "yes_no";
    half_a_run(ui);
    const auto answer = ui.ask(question);
    ui.close();
    std::cout << "answer " << (answer ? '<' + *answer + '>' : "none") << '\n';
}

int run(const char* library, const char* type, std::string_view scene)
{
    const Component& component =
        testkit::find_component(testkit::load_plugin(library), Kind::ui, type);
    testkit::TestHost host(component, ".");
    if (std::getenv("DEBUG_LINES") == nullptr) host.set_lowest(Level::info);
    TestControl control;
    const auto ui = component.make.ui(host);
    if (!ui->usable()) return 3;
    ui->start(control);
    if (scene == "password" || scene == "yes_no" || scene == "text") ask(*ui, scene);
    for (const Scene& entry : scenes)
        if (entry.name == scene) entry.play(*ui);
    ui->close();
    ui->close();
    if (control.stopped) std::cout << "stopped\n";
    return 0;
}

/// Goes on in a process group that does not have the terminal, as `offlineimap &` does.
void go_to_background()
{
    const pid_t child = ::fork();
    if (child == 0) {
        ::setpgid(0, 0);
        return;
    }
    int status = 0;
    ::waitpid(child, &status, WUNTRACED);
    ::kill(child, SIGKILL);
    ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
}

}  // namespace
}  // namespace offlineimap

int main(int count, char** words)
try {
    std::signal(SIGPIPE, SIG_IGN);
    if (std::getenv("IN_BACKGROUND") != nullptr) offlineimap::go_to_background();
    return count == 4 ? offlineimap::run(words[1], words[2], words[3]) : 2;
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
