// SPDX-License-Identifier: Apache-2.0
#include "core/run/service_manager.hpp"

#include "testkit/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace offlineimap::core {
namespace {

using testing::HasSubstr;

/// The socket of a service manager.
class Listener {
public:
    Listener()
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof(address.sun_path) - 1);
        EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
        const timeval patience {20, 0};
        ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    }
    ~Listener() { ::close(fd_); }
    std::string next() const
    {
        std::array<char, 1024> text = {};
        const auto size = ::recv(fd_, text.data(), text.size(), 0);
        return size < 0 ? "nothing came" : std::string(text.data(), static_cast<std::size_t>(size));
    }

    testkit::TemporaryDirectory place;
    const std::string path = (place.path() / "notify").string();

private:
    int fd_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

class NoControl final : public Control {
    void sync_now(std::string_view) override { }
    void stop() override { }
};

Event event(EventKind kind, std::string_view text)
{
    Event event;
    event.kind = kind;
    event.account = "A";
    event.text = text;
    return event;
}

TEST(ServiceManager, is_told_of_start_state_and_end)
{
    const Listener listener;
    NoControl control;
    ServiceManager manager(listener.path, {});
    manager.start(control);
    EXPECT_EQ(listener.next(), "READY=1");
    manager.show(event(EventKind::account_begin, "*** Processing account A"));
    EXPECT_EQ(listener.next(), "STATUS=*** Processing account A");
    manager.show(event(EventKind::progress, "not of interest"));
    manager.close();
    EXPECT_EQ(listener.next(), "STOPPING=1");
}

TEST(ServiceManager, hears_from_a_program_that_is_watched)
{
    const Listener listener;
    NoControl control;
    ServiceManager manager(listener.path, std::chrono::milliseconds(20));
    manager.start(control);
    EXPECT_EQ(listener.next(), "READY=1");
    EXPECT_EQ(listener.next(), "WATCHDOG=1");
    EXPECT_EQ(listener.next(), "WATCHDOG=1");
}

TEST(ServiceManager, is_not_looked_for_where_there_is_none)
{
    ::unsetenv("NOTIFY_SOCKET");
    EXPECT_EQ(ServiceManager::from_environment(), nullptr);
    ::setenv("NOTIFY_SOCKET", "relative", 1);
    EXPECT_EQ(ServiceManager::from_environment(), nullptr);
    ::unsetenv("NOTIFY_SOCKET");
}

TEST(ServiceManager, is_not_passed_on_to_hooks)
{
    ::setenv("NOTIFY_SOCKET", "/nowhere", 1);
    EXPECT_NE(ServiceManager::from_environment(), nullptr);
    EXPECT_EQ(::getenv("NOTIFY_SOCKET"), nullptr);
}

}  // namespace
}  // namespace offlineimap::core
