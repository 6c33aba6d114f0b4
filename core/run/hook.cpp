// SPDX-License-Identifier: Apache-2.0
#include "hook.hpp"

#include <offlineimap/error.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace offlineimap::core {
namespace {

std::vector<std::string> environment_with(const std::string& mode)
{
    std::vector<std::string> out;
    for (char** entry = environ; *entry != nullptr; ++entry)
        if (!std::string_view(*entry).starts_with("OFFLINEIMAPSYNCMODE=")) out.emplace_back(*entry);
    out.push_back("OFFLINEIMAPSYNCMODE=" + mode);
    return out;
}

std::vector<char*> pointers(std::vector<std::string>& strings)
{
    std::vector<char*> out;
    for (auto& string : strings)
        out.push_back(string.data());
    out.push_back(nullptr);
    return out;
}

pid_t start(const std::string& command, const std::string& mode, int output)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, 1);
    posix_spawn_file_actions_adddup2(&actions, output, 2);
    std::vector<std::string> words {"/bin/sh", "-c", command};
    auto environment = environment_with(mode);
    pid_t pid = 0;
    const int failed = ::posix_spawn(
        &pid, "/bin/sh", &actions, nullptr, pointers(words).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0)
        throw Error(Errc::io, "run hook \"" + command + "\": " + std::strerror(failed));
    return pid;
}

std::string read_all(int fd)
{
    constexpr std::size_t most = 65536;
    std::string out;
    std::array<char, 4096> buffer {};
    for (;;) {
        const auto size = ::read(fd, buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return out;
        out.append(buffer.data(), std::min(static_cast<std::size_t>(size), most - out.size()));
    }
}

}  // namespace

HookResult run_hook(const std::string& command, const std::string& mode)
{
    std::array<int, 2> pipe {};
    if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
        throw Error(Errc::io, "run hook \"" + command + "\": " + std::strerror(errno));
    pid_t pid = 0;
    try {
        pid = start(command, mode, pipe[1]);
    } catch (...) {
        ::close(pipe[0]);
        ::close(pipe[1]);
        throw;
    }
    ::close(pipe[1]);
    HookResult result;
    result.output = read_all(pipe[0]);
    ::close(pipe[0]);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) { }
    result.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return result;
}

}  // namespace offlineimap::core
