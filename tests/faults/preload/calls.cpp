// SPDX-License-Identifier: Apache-2.0
#include "calls.hpp"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <mutex>

namespace faults {
namespace {

struct State {
    std::recursive_mutex mutex;
    std::string root;
    int log = -1;
    long kill_at = 0, durable_calls = 0;
    bool tear = false;
    long fail_at = 0, fallible_calls = 0;
    int fail_with = 0;
    bool fail_on = false;

    State()
    {
        if (const char* const text = std::getenv("FAULTS_ROOT")) root = text;
        if (const char* const text = std::getenv("FAULTS_KILL")) kill_at = std::atol(text);
        tear = std::getenv("FAULTS_TEAR") != nullptr;
        if (const char* const text = std::getenv("FAULTS_FAIL")) {
            char* end = nullptr;
            fail_at = std::strtol(text, &end, 10);
            if (*end == ':') fail_with = static_cast<int>(std::strtol(end + 1, &end, 10));
            fail_on = std::string_view(end) == ":on";
        }
        if (const char* const path = std::getenv("FAULTS_LOG"))
            log = static_cast<int>(::syscall(
                SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    }
};

State& state()
{
    static State* const the = new State;  // outlives every call of the process
    return *the;
}

bool is_ours(const std::string& path)
{
    const std::string& root = state().root;
    return !root.empty() && path.starts_with(root)
        && (path.size() == root.size() || path[root.size()] == '/');
}

std::string path_of(int descriptor)
{
    std::array<char, PATH_MAX> text {};
    const std::string link =
        descriptor == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/" + std::to_string(descriptor);
    const auto size = ::readlink(link.c_str(), text.data(), text.size());
    return size < 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(size));
}

void write_whole(int file, std::string_view text)
{
    while (!text.empty()) {
        const long n = ::syscall(SYS_write, file, text.data(), text.size());
        if (n <= 0) return;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
}

}  // namespace

Place place(int directory, const char* path)
{
    Place out;
    out.path = path;
    if (path[0] != '/') out.path = path_of(directory) + "/" + path;
    while (out.path.size() > 1 && out.path.back() == '/')
        out.path.pop_back();
    out.ours = is_ours(out.path);
    if (!out.ours) return out;
    const auto slash = out.path.rfind('/');
    out.name = out.path.substr(slash + 1);
    out.directory = inode(AT_FDCWD, out.path.substr(0, slash).c_str());
    return out;
}

Target target(int descriptor)
{
    Target out;
    struct stat facts = {};
    // Not through the C library, whose functions are wrapped.
    if (::syscall(SYS_fstat, descriptor, &facts) != 0) return out;
    out.socket = S_ISSOCK(facts.st_mode);
    if (!S_ISREG(facts.st_mode) && !S_ISDIR(facts.st_mode)) return out;
    out.inode = facts.st_ino;
    out.path = path_of(descriptor);
    out.ours = is_ours(out.path);
    return out;
}

ino_t inode(int directory, const char* path)
{
    struct stat facts = {};
    const bool there = ::syscall(SYS_newfstatat, directory, path, &facts, AT_SYMLINK_NOFOLLOW) == 0;
    return there ? facts.st_ino : 0;
}

Call::Call(const char* name) : name_(name), saved_errno_(errno)
{
    state().mutex.lock();
}

Call::~Call()
{
    state().mutex.unlock();
}

int Call::failure(std::string_view path)
{
    State& s = state();
    if (s.fail_at == 0) return 0;
    if (s.fail_at < 0) note(std::string("may fail\t") + std::string(path));
    const long now = ++s.fallible_calls;
    const bool fails = now == s.fail_at || (s.fail_on && now > s.fail_at);
    if (!fails) return 0;
    note(std::string("fails\t") + std::string(path));
    return s.fail_with;
}

bool Call::durable()
{
    State& s = state();
    if (++s.durable_calls != s.kill_at) return false;
    if (s.tear) return true;
    kill();
}

void Call::kill()
{
    for (;;)
        ::kill(::getpid(), SIGKILL);
}

void Call::note(std::string_view fields, std::string_view data)
{
    const int before = errno;
    if (state().log >= 0) {
        std::string line = name_;
        line.append("\t").append(fields).append("\t").append(std::to_string(data.size()));
        line.append("\n").append(data).append("\n");
        write_whole(state().log, line);
    }
    errno = before;
}

}  // namespace faults
