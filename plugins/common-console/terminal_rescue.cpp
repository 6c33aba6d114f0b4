// SPDX-License-Identifier: Apache-2.0
#include "terminal_rescue.hpp"

#include <algorithm>
#include <array>
#include <atomic>

#include <csignal>
#include <termios.h>
#include <unistd.h>

namespace offlineimap::console {
namespace {

constexpr int deadly[] = {SIGABRT, SIGSEGV, SIGBUS,    SIGFPE,  SIGILL,    SIGSYS,  SIGTRAP,
                          SIGALRM, SIGXCPU, SIGVTALRM, SIGPROF, SIGSTKFLT, SIGPOLL, SIGPWR};

// A signal handler can reach nothing but statics.
std::atomic<bool> armed = false;
int terminal = -1;
termios settings = {};
std::array<char, 256> last_bytes = {};
std::size_t last_size = 0;

void on_deadly(int signal)
{
    if (armed.exchange(false)) {
        ::tcsetattr(terminal, TCSANOW, &settings);
        [[maybe_unused]] const auto written = ::write(terminal, last_bytes.data(), last_size);
    }
    ::raise(signal);  // SA_RESETHAND: as if nobody had handled it
}

void keep(std::string_view bytes)
{
    last_size = 0;  // a signal may come in between
    std::copy_n(bytes.begin(), std::min(bytes.size(), last_bytes.size()), last_bytes.begin());
    last_size = std::min(bytes.size(), last_bytes.size());
}

bool has_handler(int signal, void (*handler)(int))
{
    struct sigaction action = {};
    return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == handler;
}

}  // namespace

TerminalRescue::TerminalRescue(int descriptor, std::string_view farewell) noexcept
{
    if (armed || ::tcgetattr(descriptor, &settings) != 0) return;
    terminal = descriptor;
    keep(farewell);
    is_on_ = armed = true;
    struct sigaction action = {};
    action.sa_handler = on_deadly;
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
    for (const int signal : deadly)
        if (has_handler(signal, SIG_DFL)) ::sigaction(signal, &action, nullptr);
}

void TerminalRescue::farewell(std::string_view bytes) noexcept
{
    if (is_on_) keep(bytes);
}

TerminalRescue::~TerminalRescue()
{
    if (!is_on_) return;
    armed = false;
    struct sigaction action = {};
    action.sa_handler = SIG_DFL;
    for (const int signal : deadly)
        if (has_handler(signal, on_deadly)) ::sigaction(signal, &action, nullptr);
}

}  // namespace offlineimap::console
