// SPDX-License-Identifier: Apache-2.0
#include "tunnel.hpp"

#include "text.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace offlineimap::imap {

namespace {

using std::chrono::milliseconds;

/// glibc 2.36 declares it for C alone.
int open_pidfd(pid_t pid)
{
    return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}

/// A child process that leads its own group.
class Process final : public Companion {
public:
    explicit Process(pid_t pid) : pid_(pid), watch_(open_pidfd(pid)) { }

    /// The end of its input was its sign to go; then it is asked, then made to.
    ~Process() override
    {
        if (ended_within(milliseconds(500))) return;
        kill(-pid_, SIGTERM);
        if (ended_within(milliseconds(500))) return;
        kill(-pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }

    std::string last_words() override
    {
        if (!ended_within(milliseconds(200))) return "closed the connection";
        if (WIFEXITED(status_))
            return joined("ended with status ", std::to_string(WEXITSTATUS(status_)));
        return joined("was ended by signal ", std::to_string(WTERMSIG(status_)));
    }

private:
    bool ended_within(milliseconds time) noexcept
    {
        if (ended_) return true;
        pollfd polled {watch_.number(), POLLIN, 0};
        poll(&polled, 1, static_cast<int>(time.count()));
        const pid_t reaped = waitpid(pid_, &status_, WNOHANG);
        ended_ = reaped == pid_ || (reaped < 0 && errno == ECHILD);
        return ended_;
    }

    pid_t pid_;
    Descriptor watch_;
    int status_ = 0;
    bool ended_ = false;
};

struct Pipe {
    Descriptor read_end, write_end;
};

Pipe make_pipe()
{
    std::array<int, 2> ends {};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        throw Error(Errc::io, joined("make pipe for tunnel: ", errno_text(errno)));
    return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// What the child starts with: pipes as input and output, nothing else but our error stream,
/// and signals as a shell expects them.
class SpawnPlan {
public:
    SpawnPlan(int input, int output)
    {
        posix_spawn_file_actions_init(&actions_);
        posix_spawnattr_init(&attributes_);
        posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan()
    {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }

    pid_t run(std::string command) const
    {
        std::string shell = "sh", option = "-c";
        std::array<char*, 4> words {shell.data(), option.data(), command.data(), nullptr};
        pid_t pid = 0;
        const int error =
            posix_spawn(&pid, "/bin/sh", &actions_, &attributes_, words.data(), environ);
        if (error != 0) throw Error(Errc::io, joined("run tunnel: ", errno_text(error)));
        return pid;
    }

private:
    posix_spawn_file_actions_t actions_ {};
    posix_spawnattr_t attributes_ {};
};

}  // namespace

Socket open_tunnel(const Endpoint& endpoint, const Cancel& cancel)
{
    auto to_command = make_pipe(), from_command = make_pipe();
    const SpawnPlan plan(to_command.read_end.number(), from_command.write_end.number());
    auto process = std::make_unique<Process>(plan.run(endpoint.tunnel));
    return {
        std::move(from_command.read_end), std::move(to_command.write_end), endpoint.name(), cancel,
        std::move(process)};
}

}  // namespace offlineimap::imap
