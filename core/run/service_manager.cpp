// SPDX-License-Identifier: Apache-2.0
#include "service_manager.hpp"

#include <algorithm>
#include <charconv>
#include <condition_variable>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace offlineimap::core {
namespace {

std::uint64_t number_in(const char* variable)
{
    const char* const text = ::secure_getenv(variable);
    if (text == nullptr) return 0;
    std::uint64_t number = 0;
    const char* const end = text + std::strlen(text);
    return std::from_chars(text, end, number).ptr == end ? number : 0;
}

/// The watchdog may be meant for another process: one that starts us.
std::chrono::microseconds watchdog_for_us()
{
    const auto process = number_in("WATCHDOG_PID");
    if (process != 0 && process != static_cast<std::uint64_t>(::getpid())) return {};
    return std::chrono::microseconds(number_in("WATCHDOG_USEC"));
}

}  // namespace

std::unique_ptr<ServiceManager> ServiceManager::from_environment()
{
    const char* const socket = ::secure_getenv("NOTIFY_SOCKET");
    if (socket == nullptr || (socket[0] != '/' && socket[0] != '@')) return nullptr;
    auto manager = std::make_unique<ServiceManager>(socket, watchdog_for_us());
    ::unsetenv("NOTIFY_SOCKET");  // not for hooks
    return manager;
}

ServiceManager::ServiceManager(std::string socket, std::chrono::microseconds watchdog)
    : socket_(std::move(socket)), watchdog_(watchdog)
{
}

ServiceManager::~ServiceManager() = default;

void ServiceManager::start(Control&)
{
    send("READY=1");
    if (watchdog_.count() > 0)
        thread_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
}

void ServiceManager::show(const Event& event) noexcept
{
    try {
        note(event);
    } catch (const std::exception&) {
        // Out of memory: the next event tells.
    }
}

void ServiceManager::note(const Event& event)
{
    {
        const std::lock_guard lock(mutex_);
        last_sign_ = std::chrono::steady_clock::now();
        if (event.kind == EventKind::account_begin) working_.emplace(event.account);
        if (event.kind == EventKind::account_end) working_.erase(std::string(event.account));
    }
    switch (event.kind) {
    case EventKind::account_begin:
    case EventKind::summary:
    case EventKind::sleeping:
    case EventKind::failure:
        send("STATUS=" + std::string(event.text));
        break;
    default:
        break;
    }
}

void ServiceManager::close() noexcept
{
    thread_ = {};
    send("STOPPING=1");
}

void ServiceManager::send(const std::string& message) const noexcept
{
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const auto length = std::min(socket_.size(), sizeof(address.sun_path) - 1);
    std::copy_n(socket_.data(), length, address.sun_path);
    if (socket_.front() == '@') address.sun_path[0] = '\0';  // an abstract one
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return;
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
    ::sendto(
        fd, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
        reinterpret_cast<const sockaddr*>(&address), size);
    ::close(fd);
}

void ServiceManager::watch(const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
        if (is_alive()) send("WATCHDOG=1");
        wake.wait_for(lock, stop, watchdog_ / 2, [] { return false; });
    }
}

/// Everything that waits has a deadline well below this.
bool ServiceManager::is_alive()
{
    constexpr std::chrono::minutes too_long {30};
    const std::lock_guard lock(mutex_);
    return working_.empty() || std::chrono::steady_clock::now() - last_sign_ < too_long;
}

}  // namespace offlineimap::core
