// SPDX-License-Identifier: Apache-2.0
#include "disturbance.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace offlineimap::core {
namespace {

/// Addresses come one after the other when a link goes up.
constexpr int quiet_milliseconds = 1000;

/// A timer that never ends, but is cancelled when the real-time clock makes a jump: by hand, or
/// because the machine wakes up.
int open_clock()
{
    return ::timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
}

int open_network()
{
    const int socket = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
    if (socket < 0) return -1;
    sockaddr_nl address = {};
    address.nl_family = AF_NETLINK;
    address.nl_groups =
        RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE;
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0)
        return socket;
    ::close(socket);
    return -1;
}

/// A default route, or an address by which others reach us. What containers and the neighbourhood
/// do to the other routes is none of our business.
bool concerns_us(const nlmsghdr& message)
{
    switch (message.nlmsg_type) {
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
        return static_cast<const rtmsg*>(NLMSG_DATA(&message))->rtm_dst_len == 0;
    case RTM_NEWADDR:
    case RTM_DELADDR:
        return static_cast<const ifaddrmsg*>(NLMSG_DATA(&message))->ifa_scope < RT_SCOPE_LINK;
    default:
        return false;
    }
}

bool leads_elsewhere(const char* data, std::size_t size)
{
    const auto* message = reinterpret_cast<const nlmsghdr*>(data);
    for (auto left = static_cast<unsigned>(size); NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left))
        if (concerns_us(*message)) return true;
    return false;
}

}  // namespace

DisturbanceWatch::DisturbanceWatch(std::function<void()> happened)
    : happened_(std::move(happened))
    , clock_(open_clock())
    , network_(open_network())
    , stop_(::eventfd(0, EFD_CLOEXEC))
{
    arm_clock();
    if (stop_ >= 0) thread_ = std::thread([this] { run(); });
}

DisturbanceWatch::~DisturbanceWatch()
{
    if (thread_.joinable()) {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(stop_, &one, sizeof(one));
        thread_.join();
    }
    for (const int fd : {clock_, network_, stop_})
        if (fd >= 0) ::close(fd);
}

void DisturbanceWatch::arm_clock() const
{
    itimerspec far = {};
    far.it_value.tv_sec = std::int64_t {1} << 40U;
    ::timerfd_settime(clock_, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &far, nullptr);
}

void DisturbanceWatch::run()
{
    while (wait_for_one())
        happened_();
}

/// False: to be ended.
bool DisturbanceWatch::wait_for_one()
{
    std::array<pollfd, 3> waits = {
        pollfd {clock_, POLLIN, 0}, pollfd {network_, POLLIN, 0}, pollfd {stop_, POLLIN, 0}};
    bool seen = false;
    for (;;) {
        const int ready = ::poll(waits.data(), waits.size(), seen ? quiet_milliseconds : -1);
        if (ready < 0 && errno != EINTR) return false;
        if (waits[2].revents != 0) return false;
        if (ready == 0 && seen) return true;
        const bool jumped = drain_clock(), moved = drain_network();
        seen = seen || jumped || moved;
    }
}

bool DisturbanceWatch::drain_clock() const
{
    std::uint64_t times = 0;
    if (::read(clock_, &times, sizeof(times)) >= 0 || errno != ECANCELED) return false;
    arm_clock();
    return true;
}

bool DisturbanceWatch::drain_network() const
{
    alignas(nlmsghdr) std::array<char, 16384> buffer = {};
    for (bool any = false;;) {
        const ssize_t size = ::recv(network_, buffer.data(), buffer.size(), 0);
        if (size < 0) return any || errno == ENOBUFS;  // too many to be told one by one
        any = any || leads_elsewhere(buffer.data(), static_cast<std::size_t>(size));
    }
}

}  // namespace offlineimap::core
