// SPDX-License-Identifier: Apache-2.0
#include "command.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace offlineimap::core {

namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t max_output = std::size_t {64} * 1024;

[[noreturn]] void fail(std::string_view what)
{
    throw Error(Errc::auth, concat("run the command for a secret: ", what));
}

[[noreturn]] void fail(std::string_view what, int number)
{
    fail(concat(what, ": ", lower(std::generic_category().message(number))));
}

class Pipe {
public:
    Pipe()
    {
        if (::pipe2(ends_.data(), O_CLOEXEC) != 0) fail("pipe", errno);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe()
    {
        close_write_end();
        ::close(ends_[0]);
    }
    int read_end() const noexcept { return ends_[0]; }
    int write_end() const noexcept { return ends_[1]; }
    void close_write_end() noexcept
    {
        if (ends_[1] >= 0) ::close(ends_[1]);
        ends_[1] = -1;
    }

private:
    std::array<int, 2> ends_ {-1, -1};
};

/// A running command that is gone, one way or the other, when this is.
class Child {
public:
    Child(const std::string& command, int output);
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    ~Child()
    {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    /// Whether it has ended; its status is then status().
    bool has_ended()
    {
        const auto ended = ::waitpid(pid_, &status_, WNOHANG);
        if (ended == 0 || (ended < 0 && errno == EINTR)) return false;
        pid_ = 0;
        return true;
    }
    int status() const noexcept { return status_; }

private:
    pid_t pid_ = 0;
    int status_ = -1;
};

/// The threads of the core may block signals; a command starts with none blocked or ignored.
class Attributes {
public:
    Attributes()
    {
        ::posix_spawnattr_init(&attributes_);
        sigset_t signals {};
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes_, &signals);
        for (const int signal : {SIGPIPE, SIGINT, SIGTERM, SIGHUP, SIGQUIT})
            ::sigaddset(&signals, signal);
        ::posix_spawnattr_setsigdefault(&attributes_, &signals);
        ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;
    ~Attributes() { ::posix_spawnattr_destroy(&attributes_); }
    const posix_spawnattr_t* get() const noexcept { return &attributes_; }

private:
    posix_spawnattr_t attributes_ {};
};

class FileActions {
public:
    explicit FileActions(int output)
    {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;
    ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
    const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

private:
    posix_spawn_file_actions_t actions_ {};
};

Child::Child(const std::string& command, int output)
{
    std::string shell = "sh", option = "-c", text = command;
    char* const arguments[] {shell.data(), option.data(), text.data(), nullptr};
    const FileActions actions(output);
    const Attributes attributes;
    const int failure =
        ::posix_spawn(&pid_, "/bin/sh", actions.get(), attributes.get(), arguments, environ);
    if (failure != 0) fail("start /bin/sh", failure);
}

int time_left(Clock::time_point deadline)
{
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
}

/// Everything until the output ends. What comes after a reasonable length is read and dropped.
std::string read_output(int descriptor, Clock::time_point deadline, const Cancel* cancel)
{
    std::string output;
    for (;;) {
        std::array<pollfd, 2> waits {
            {{descriptor, POLLIN, 0}, {cancel != nullptr ? cancel->fd() : -1, POLLIN, 0}}};
        const int ready = ::poll(waits.data(), waits.size(), time_left(deadline));
        if (cancel != nullptr) cancel->check();
        if (ready == 0) fail("it took too long");
        if (ready < 0 && errno != EINTR) fail("wait for it", errno);
        if (ready < 0) continue;
        char buffer[4096];
        const auto count = ::read(descriptor, buffer, sizeof buffer);
        if (count == 0) return output;
        if (count > 0 && output.size() < max_output)
            output.append(buffer, static_cast<std::size_t>(count));
        else if (count < 0 && errno != EINTR)
            fail("read from it", errno);
    }
}

/// It may close its output before it ends.
void wait_for_end(Child& child, Clock::time_point deadline, const Cancel* cancel)
{
    while (!child.has_ended()) {
        if (cancel != nullptr) cancel->check();
        if (Clock::now() >= deadline) fail("it took too long");
        std::this_thread::sleep_for(5ms);
    }
}

void check_status(int status)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
    if (WIFEXITED(status))
        fail(concat("it ended with status ", std::to_string(WEXITSTATUS(status))));
    fail(concat("it was ended by signal ", std::to_string(WTERMSIG(status))));
}

}  // namespace

std::string
first_line_of(const std::string& command, std::chrono::milliseconds timeout, const Cancel* cancel)
{
    const auto deadline = Clock::now() + timeout;
    Pipe pipe;
    Child child(command, pipe.write_end());
    pipe.close_write_end();
    const auto output = read_output(pipe.read_end(), deadline, cancel);
    wait_for_end(child, deadline, cancel);
    check_status(child.status());
    const auto line = trimmed(split(output, '\n').front());
    if (line.empty()) fail("its first line is empty");
    return std::string(line);
}

}  // namespace offlineimap::core
