// SPDX-License-Identifier: Apache-2.0
#include "child_on_terminal.hpp"

#include "check.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

namespace offlineimap::testkit {
namespace {

[[noreturn]] void live(const std::function<int()>& work)
{
    ::setenv("TERM", "xterm", 1);
    std::signal(SIGPIPE, SIG_IGN);
    try {
        ::_exit(work());
    } catch (...) {
        ::_exit(120);
    }
}

int exit_status(pid_t process)
{
    int status = 0;
    ::waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// A terminal with the child at its other end, which we hold open too: else the settings would be
/// gone with the child.
class TerminalRun {
public:
    TerminalRun(unsigned short columns, unsigned short rows)
    {
        const winsize size {rows, columns, 0, 0};
        require(
            ::openpty(&terminal_, &other_end_, nullptr, nullptr, &size) == 0,
            "a terminal can be made");
        ::tcgetattr(other_end_, &before_);
    }
    TerminalRun(const TerminalRun&) = delete;
    TerminalRun& operator=(const TerminalRun&) = delete;
    ~TerminalRun()
    {
        ::close(terminal_);
        ::close(other_end_);
    }

    ChildOutcome run(const std::function<int()>& work)
    {
        const pid_t process = ::fork();
        require(process >= 0, "a process can be started");
        if (process == 0) {
            ::close(terminal_);
            ::login_tty(other_end_);
            live(work);
        }
        ChildOutcome outcome;
        while (!is_gone(process))
            outcome.output += read_waiting(10);
        for (std::string rest = read_waiting(0); !rest.empty(); rest = read_waiting(0))
            outcome.output += rest;
        outcome.status = exit_status(process);
        outcome.restored = is_restored();
        return outcome;
    }

private:
    static bool is_gone(pid_t process)
    {
        siginfo_t info = {};
        return ::waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0
            && info.si_pid == process;
    }

    /// Empty: nothing came in time.
    [[nodiscard]] std::string read_waiting(int milliseconds) const
    {
        pollfd wait {terminal_, POLLIN, 0};
        if (::poll(&wait, 1, milliseconds) <= 0) return {};
        std::array<char, 65536> buffer;
        const ssize_t size = ::read(terminal_, buffer.data(), buffer.size());
        return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))};
    }

    [[nodiscard]] bool is_restored() const
    {
        termios after = {};
        ::tcgetattr(other_end_, &after);
        return after.c_iflag == before_.c_iflag && after.c_oflag == before_.c_oflag
            && after.c_lflag == before_.c_lflag && after.c_cflag == before_.c_cflag;
    }

    int terminal_ = -1;
    int other_end_ = -1;
    termios before_ = {};
};

ChildOutcome run_in_pipes(const std::function<int()>& work)
{
    int ends[2];
    require(::pipe2(ends, O_CLOEXEC) == 0, "a pipe can be made");
    const pid_t process = ::fork();
    require(process >= 0, "a process can be started");
    if (process == 0) {
        ::setsid();
        const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
        ::dup2(nothing, STDIN_FILENO);
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(ends[1], STDERR_FILENO);
        ::close(ends[1]);
        live(work);
    }
    ::close(ends[1]);
    ChildOutcome outcome;
    std::array<char, 65536> buffer;
    for (ssize_t size = 0; (size = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        outcome.output.append(buffer.data(), static_cast<std::size_t>(size));
    ::close(ends[0]);
    outcome.status = exit_status(process);
    return outcome;
}

}  // namespace

ChildOutcome run_child(
    Streams streams, unsigned short columns, unsigned short rows, const std::function<int()>& work)
{
    if (streams == Streams::pipes) return run_in_pipes(work);
    return TerminalRun(columns, rows).run(work);
}

}  // namespace offlineimap::testkit
