// SPDX-License-Identifier: Apache-2.0
#include "signals.hpp"

#include "backtrace.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <future>
#include <system_error>

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/types.h>
#include <unistd.h>

namespace offlineimap::core {

namespace {

constexpr std::array stop_signals = {SIGTERM, SIGINT, SIGHUP};
constexpr std::array steering_signals = {SIGUSR1, SIGUSR2, SIGQUIT};
constexpr int quiet_signal = SIGPIPE;
constexpr unsigned last_patience = 4;

// A signal handler can reach nothing but statics.
std::atomic<int> handler_pipe = -1;
std::atomic<unsigned> stops_seen = 0;
static_assert(std::atomic<int>::is_always_lock_free && std::atomic<unsigned>::is_always_lock_free);

bool is_stop(int signal)
{
    return signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

void on_signal(int signal)
{
    const int saved = errno;
    if (is_stop(signal) && ++stops_seen >= last_patience) ::_exit(128 + signal);
    const auto byte = static_cast<unsigned char>(signal);
    [[maybe_unused]] const auto written = ::write(handler_pipe.load(), &byte, 1);
    errno = saved;
}

void handle(int signal, void (*handler)(int))
{
    struct sigaction action = {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(signal, &action, nullptr);
}

bool is_ignored(int signal)
{
    struct sigaction action = {};
    ::sigaction(signal, nullptr, &action);
    return action.sa_handler == SIG_IGN;
}

bool is_ours(int signal)
{
    struct sigaction action = {};
    ::sigaction(signal, nullptr, &action);
    return action.sa_handler == on_signal;
}

}  // namespace

StopSignals::StopSignals(SignalListener& listener) : listener_(listener)
{
    std::array<int, 2> ends = {};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw Error(
            Errc::io, concat("listen to signals: ", std::generic_category().message(errno)));
    read_end_ = ends[0];
    write_end_ = ends[1];
    // A handler must never block; what does not fit into a full pipe nobody would have noticed.
    ::fcntl(write_end_, F_SETFL, O_NONBLOCK);
    stops_seen = 0;
    handler_pipe = write_end_;
    thread_ = std::thread([this] { listen(); });
    for (const int signal : stop_signals)
        if (!is_ignored(signal)) handle(signal, on_signal);
    for (const int signal : steering_signals)
        handle(signal, on_signal);
    // Not SIG_IGN: that would be passed on to hooks and tunnels.
    if (!is_ignored(quiet_signal)) handle(quiet_signal, [](int) {});
}

StopSignals::~StopSignals()
{
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGQUIT})
        if (is_ours(signal)) handle(signal, SIG_DFL);
    const unsigned char end = 0;
    [[maybe_unused]] const auto written = ::write(write_end_, &end, 1);
    thread_.join();
    handler_pipe = -1;
    ::close(read_end_);
    ::close(write_end_);
}

void StopSignals::listen()
{
    for (;;) {
        // ThreadSanitizer (g++ 12) holds signals back from a thread that waits in read().
        pollfd news {read_end_, POLLIN, 0};
        if (::poll(&news, 1, -1) < 0 && errno != EINTR) return;
        if (news.revents == 0) continue;
        unsigned char signal = 0;
        const auto size = ::read(read_end_, &signal, 1);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0 || signal == 0) return;
        tell(signal);
    }
}

/// Shows what every thread does and ends the process with a core dump, as the signal does without
/// us. The terminal is put right first, if whoever has it still answers.
void StopSignals::dump_core()
{
    constexpr std::chrono::seconds patience {2};
    std::promise<void> closed;
    auto is_closed = closed.get_future();
    std::thread([this, closed = std::move(closed)]() mutable {
        listener_.last_chance(SIGQUIT);
        closed.set_value();
    }).detach();
    is_closed.wait_for(patience);
    write_backtraces(STDERR_FILENO);
    handle(SIGQUIT, SIG_DFL);
    ::kill(::getpid(), SIGQUIT);
}

void StopSignals::tell(int signal)
{
    if (signal == SIGUSR1) return listener_.sync_now();
    if (signal == SIGUSR2) return listener_.stop_after_sync();
    if (signal == SIGQUIT) return dump_core();
    if (++stops_ <= 2) return listener_.stop(signal, stops_);
    listener_.last_chance(signal);
    ::_exit(128 + signal);
}

}  // namespace offlineimap::core
