// SPDX-License-Identifier: Apache-2.0
#include "pty_run.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utmp.h>

namespace offlineimap::console::test {
namespace {

[[noreturn]] void become_driver(const Stage& stage)
{
    ::unsetenv("TERM");
    ::unsetenv("NO_COLOR");
    for (const auto& [name, value] : stage.environment)
        ::setenv(name.c_str(), value.c_str(), 1);
    const std::string library = std::string(UI_PLUGINS) + "/ui-" + stage.type + ".so";
    ::execl(
        UI_DRIVER, UI_DRIVER, library.c_str(), stage.type.c_str(), stage.scene.c_str(), nullptr);
    ::_exit(127);
}

int exit_status(pid_t process)
{
    int status = 0;
    ::waitpid(process, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// False at the end.
bool append(int descriptor, std::string& text)
{
    std::array<char, 65536> buffer;
    const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
    if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
    return size > 0;
}

void drain(int first, std::string& first_text, int second, std::string& second_text)
{
    std::array<pollfd, 2> both {pollfd {first, POLLIN, 0}, pollfd {second, POLLIN, 0}};
    while (both[0].fd >= 0 || both[1].fd >= 0) {
        ::poll(both.data(), both.size(), -1);
        if (both[0].revents != 0 && !append(first, first_text)) both[0].fd = -1;
        if (both[1].revents != 0 && !append(second, second_text)) both[1].fd = -1;
    }
}

}  // namespace

PtyRun::PtyRun(const Stage& stage)
{
    const winsize size {stage.rows, stage.columns, 0, 0};
    EXPECT_EQ(::openpty(&terminal_, &other_end_, nullptr, nullptr, &size), 0);
    ::fcntl(terminal_, F_SETFD, FD_CLOEXEC);
    before_ = settings();
    if (!stage.typed_ahead.empty()) {
        type(stage.typed_ahead);
        pollfd there {other_end_, POLLIN, 0};
        EXPECT_EQ(::poll(&there, 1, 10'000), 1);
    }
    process_ = ::fork();
    if (process_ == 0) {
        ::login_tty(::dup(other_end_));
        ::close(other_end_);
        become_driver(stage);
    }
}

PtyRun::~PtyRun()
{
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        ::waitpid(process_, nullptr, 0);
    }
    ::close(terminal_);
    ::close(other_end_);
}

/// The terminal has no end while we hold its other end: then the driver's death is the end.
bool PtyRun::read_some()
{
    // A driver that neither writes nor ends has a question that the test does not know of.
    for (int patience = 0; patience < 1000; ++patience) {
        pollfd wait {terminal_, POLLIN, 0};
        if (::poll(&wait, 1, 20) > 0) return append(terminal_, output_);
        siginfo_t info = {};
        const bool gone =
            ::waitid(P_PID, static_cast<id_t>(process_), &info, WEXITED | WNOHANG | WNOWAIT) == 0
            && info.si_pid == process_;
        if (gone && ::poll(&wait, 1, 0) == 0) return false;
    }
    ::kill(process_, SIGKILL);
    return false;
}

bool PtyRun::wait_for(const std::string& text)
{
    auto place = output_.find(text, seen_);
    while (place == std::string::npos) {
        const auto from = std::max(seen_, output_.size() - std::min(output_.size(), text.size()));
        if (!read_some()) return false;
        place = output_.find(text, from);
    }
    seen_ = place + text.size();
    return true;
}

void PtyRun::type(const std::string& keys) const
{
    EXPECT_EQ(::write(terminal_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
}

void PtyRun::resize(unsigned short columns, unsigned short rows) const
{
    const winsize size {rows, columns, 0, 0};
    EXPECT_EQ(::ioctl(terminal_, TIOCSWINSZ, &size), 0);
}

termios PtyRun::settings() const
{
    termios settings = {};
    EXPECT_EQ(::tcgetattr(other_end_, &settings), 0);
    return settings;
}

int PtyRun::finish()
{
    while (read_some()) { }
    const int status = exit_status(process_);
    process_ = -1;
    return status;
}

PipeRun run_in_pipes(const Stage& stage)
{
    int output[2];
    int errors[2];
    EXPECT_EQ(::pipe2(output, O_CLOEXEC), 0);
    EXPECT_EQ(::pipe2(errors, O_CLOEXEC), 0);
    const pid_t process = ::fork();
    if (process == 0) {
        ::setsid();
        ::dup2(output[1], STDOUT_FILENO);
        ::dup2(errors[1], STDERR_FILENO);
        become_driver(stage);
    }
    ::close(output[1]);
    ::close(errors[1]);
    PipeRun run;
    drain(output[0], run.output, errors[0], run.errors);
    ::close(output[0]);
    ::close(errors[0]);
    run.status = exit_status(process);
    return run;
}

}  // namespace offlineimap::console::test
