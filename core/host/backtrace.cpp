// SPDX-License-Identifier: Apache-2.0
#include "backtrace.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <dirent.h>
#include <execinfo.h>
#include <semaphore.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace offlineimap::core {
namespace {

// A signal handler can reach nothing but statics.
std::atomic<int> output = -1;
sem_t written;

void write_own(int file) noexcept
{
    std::array<char, 17> name = {};
    ::prctl(PR_GET_NAME, name.data());
    std::array<char, 64> line = {};
    const int size = std::snprintf(
        line.data(), line.size(), "thread %ld (%s):\n", ::syscall(SYS_gettid), name.data());
    [[maybe_unused]] const auto done = ::write(file, line.data(), static_cast<std::size_t>(size));
    std::array<void*, 64> calls = {};
    ::backtrace_symbols_fd(calls.data(), ::backtrace(calls.data(), calls.size()), file);
}

void on_turn(int)
{
    const int saved = errno;
    write_own(output);
    ::sem_post(&written);
    errno = saved;
}

void ask_thread(long thread) noexcept
{
    if (::syscall(SYS_tgkill, ::getpid(), thread, SIGRTMIN) != 0) return;
    timespec end = {};
    ::clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += 1;
    while (::sem_timedwait(&written, &end) != 0 && errno == EINTR) { }
}

}  // namespace

void write_backtraces(int file) noexcept
{
    std::array<void*, 1> prepare = {};  // loads what it needs, which a handler must not
    ::backtrace(prepare.data(), prepare.size());
    ::sem_init(&written, 0, 0);
    output = file;
    struct sigaction action = {};
    action.sa_handler = on_turn;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGRTMIN, &action, nullptr);
    DIR* const threads = ::opendir("/proc/self/task");
    if (threads == nullptr) return write_own(file);
    while (const dirent* entry = ::readdir(threads))
        if (const long thread = std::strtol(entry->d_name, nullptr, 10); thread > 0)
            ask_thread(thread);
    ::closedir(threads);
}

}  // namespace offlineimap::core
