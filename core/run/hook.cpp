// SPDX-License-Identifier: Apache-2.0
#include "hook.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

namespace offlineimap::core {
namespace {

class Descriptor {
public:
    explicit Descriptor(int fd = -1) : fd_(fd) { }
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) { }
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() { close(); }
    int get() const { return fd_; }
    void close()
    {
        if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    }

private:
    int fd_;
};

[[noreturn]] void fail(const std::string& command, int error)
{
    throw Error(Errc::io, "run hook \"" + command + "\": " + std::strerror(error));
}

/// A file without a name, so that whoever reads it, or does not, holds nobody up.
Descriptor input_of(const HookCall& call)
{
    if (call.input.empty()) return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    Descriptor file(::memfd_create("hook-input", MFD_CLOEXEC));
    for (std::string_view rest = call.input; file.get() >= 0 && !rest.empty();) {
        const auto size = ::write(file.get(), rest.data(), rest.size());
        if (size < 0) fail(call.command, errno);
        rest.remove_prefix(static_cast<std::size_t>(size));
    }
    if (file.get() < 0 || ::lseek(file.get(), 0, SEEK_SET) != 0) fail(call.command, errno);
    return file;
}

std::vector<std::string> environment_of(const HookCall& call)
{
    const auto is_replaced = [&](std::string_view entry) {
        const auto name = entry.substr(0, entry.find('='));
        return std::any_of(
            call.environment.begin(), call.environment.end(),
            [&](const auto& variable) { return variable.first == name; });
    };
    std::vector<std::string> out;
    for (char** entry = environ; *entry != nullptr; ++entry)
        if (!is_replaced(*entry)) out.emplace_back(*entry);
    for (const auto& [name, value] : call.environment)
        out.push_back(name + "=" + value);
    return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings)
{
    std::vector<char*> out;
    out.reserve(strings.size() + 1);
    for (auto& string : strings)
        out.push_back(string.data());
    out.push_back(nullptr);
    return out;
}

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

pid_t start(const HookCall& call, int input, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_adddup2(&actions, output, 2);
    const Attributes attributes;
    std::vector<std::string> words {"/bin/sh", "-c", call.command};
    auto environment = environment_of(call);
    pid_t pid = 0;
    const int failed = ::posix_spawn(
        &pid, "/bin/sh", &actions, attributes.get(), pointers(words).data(),
        pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) fail(call.command, failed);
    return pid;
}

/// True when something can be read, or the other end is closed; false on cancel.
bool wait_readable(int fd, const Cancel* cancel)
{
    std::array<pollfd, 2> sources {
        {{fd, POLLIN, 0}, {cancel != nullptr ? cancel->fd() : -1, POLLIN, 0}}};
    while (::poll(sources.data(), sources.size(), -1) < 0 && errno == EINTR) { }
    return sources[1].revents == 0;
}

struct Output {
    std::string text;
    bool cancelled = false;
};

Output read_all(int fd, const Cancel* cancel)
{
    constexpr std::size_t most = 65536;
    Output out;
    std::array<char, 4096> buffer {};
    for (;;) {
        if (!wait_readable(fd, cancel)) {
            out.cancelled = true;
            return out;
        }
        const auto size = ::read(fd, buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return out;
        out.text.append(
            buffer.data(), std::min(static_cast<std::size_t>(size), most - out.text.size()));
    }
}

}  // namespace

HookResult run_hook(const HookCall& call)
{
    std::array<int, 2> ends {};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail(call.command, errno);
    const Descriptor from(ends[0]);
    Descriptor to(ends[1]);
    const Descriptor input = input_of(call);
    const pid_t pid = start(call, input.get(), to.get());
    to.close();
    auto output = read_all(from.get(), call.cancel);
    if (output.cancelled) ::kill(pid, SIGTERM);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) { }
    if (output.cancelled) throw Error(Errc::cancelled, "cancelled");
    HookResult result;
    result.output = std::move(output.text);
    result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return result;
}

}  // namespace offlineimap::core
