// SPDX-License-Identifier: Apache-2.0
#include "fakes.hpp"
#include "net/tcp.hpp"
#include "tls_server.hpp"

#include <gmock/gmock.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace offlineimap::imap {
namespace {

using namespace test;
using testing::AllOf;
using testing::HasSubstr;

class Tcp : public testing::Test {
protected:
    Tcp()
    {
        endpoint.host = "127.0.0.1";
        endpoint.security = Security::none;
    }
    std::unique_ptr<Stream> open() { return connect(endpoint, cancel, host); }

    FakeCancel cancel;
    FakeHost host;
    Endpoint endpoint;
};

std::string read_some(int socket)
{
    std::string text(1000, '\0');
    const auto size = recv(socket, text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
}

void answer(int socket, std::string_view text)
{
    send(socket, text.data(), text.size(), MSG_NOSIGNAL);
}

TEST_F(Tcp, connects_and_talks)
{
    OneShotServer server([](int socket) {
        answer(socket, "* OK ready\r\n");
        answer(socket, read_some(socket));
    });
    endpoint.port = server.port();
    const auto stream = open();
    EXPECT_EQ(read_exactly(*stream, 12), "* OK ready\r\n");
    write_all(*stream, "a1 NOOP\r\n");
    EXPECT_EQ(read_exactly(*stream, 9), "a1 NOOP\r\n");
    EXPECT_TRUE(stream->loopback());
    EXPECT_THAT(read_error(*stream).what(), HasSubstr("closed by the peer"));
}

/// A peer that vanished without a word is noticed in two minutes, not in two hours.
TEST_F(Tcp, a_connection_is_kept_alive_and_says_at_once_what_it_has_to_say)
{
    OneShotServer server([](int socket) { (void)read_some(socket); });
    endpoint.port = server.port();
    endpoint.timeout = std::chrono::seconds(7);
    const auto socket = connect_tcp(endpoint, cancel);
    const auto option = [&socket](int level, int name) {
        int value = -1;
        socklen_t size = sizeof value;
        getsockopt(socket.descriptor(), level, name, &value, &size);
        return value;
    };
    EXPECT_EQ(option(SOL_SOCKET, SO_KEEPALIVE), 1);
    EXPECT_EQ(option(IPPROTO_TCP, TCP_NODELAY), 1);
    EXPECT_EQ(option(IPPROTO_TCP, TCP_USER_TIMEOUT), 7000);
    EXPECT_LE(
        option(IPPROTO_TCP, TCP_KEEPIDLE)
            + option(IPPROTO_TCP, TCP_KEEPINTVL) * option(IPPROTO_TCP, TCP_KEEPCNT),
        120);
}

TEST_F(Tcp, a_refused_connection_says_so)
{
    endpoint.port = [] {
        OneShotServer gone([](int) {});
        return gone.port();
    }();
    const Error error = error_of([&] { open(); });
    EXPECT_EQ(error.code(), Errc::network);
    EXPECT_EQ(
        std::string(error.what()),
        "connect to 127.0.0.1:" + std::to_string(endpoint.port) + ": connection refused");
}

TEST_F(Tcp, an_unknown_host_says_so)
{
    endpoint.host = "no-such-host.invalid";
    const Error error = error_of([&] { open(); });
    EXPECT_EQ(error.code(), Errc::network);
    EXPECT_THAT(
        error.what(),
        HasSubstr("connect to no-such-host.invalid:993: there is no host of this name"));
}

TEST_F(Tcp, the_address_family_is_the_one_asked_for)
{
    endpoint.family = AddressFamily::ipv6;
    EXPECT_EQ(error_of([&] { open(); }).code(), Errc::network);
}

TEST_F(Tcp, a_cancel_before_the_beginning_is_noticed)
{
    cancel.pull();
    EXPECT_EQ(error_of([&] { open(); }).code(), Errc::cancelled);
}

TEST_F(Tcp, goes_through_an_http_proxy)
{
    std::string request;
    OneShotServer proxy([&](int socket) {
        request = read_some(socket);
        answer(socket, "HTTP/1.1 200 Connection established\r\n\r\n* OK ready\r\n");
        read_some(socket);
    });
    endpoint.host = "imap.example.invalid";
    endpoint.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
    {
        const auto stream = open();
        EXPECT_EQ(read_exactly(*stream, 12), "* OK ready\r\n");
        EXPECT_FALSE(stream->loopback()) << "the proxy is, the server is not";
    }
    proxy.join();
    EXPECT_THAT(request, HasSubstr("CONNECT imap.example.invalid:993 HTTP/1.1"));
}

TEST_F(Tcp, goes_through_a_socks_proxy)
{
    std::string hello, request;
    OneShotServer proxy([&](int socket) {
        hello = read_some(socket);
        answer(socket, std::string_view("\x05\x00", 2));
        request = read_some(socket);
        answer(socket, std::string_view("\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", 10));
        answer(socket, "* OK ready\r\n");
        read_some(socket);
    });
    endpoint.host = "imap.example.invalid";
    endpoint.proxy = "socks5h://127.0.0.1:" + std::to_string(proxy.port());
    {
        const auto stream = open();
        EXPECT_EQ(read_exactly(*stream, 12), "* OK ready\r\n");
    }
    proxy.join();
    EXPECT_EQ(hello.substr(0, 1), "\x05");
    EXPECT_THAT(request, HasSubstr("imap.example.invalid"));
}

TEST_F(Tcp, a_proxy_that_refuses_is_named)
{
    OneShotServer proxy([](int socket) {
        read_some(socket);
        answer(socket, "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    });
    endpoint.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
    const Error error = error_of([&] { open(); });
    EXPECT_EQ(error.code(), Errc::network);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("through the proxy"), HasSubstr("403")));
}

TEST_F(Tcp, a_proxy_of_the_environment_is_not_used)
{
    OneShotServer server([](int socket) { answer(socket, "* OK ready\r\n"); });
    endpoint.port = server.port();
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    setenv("all_proxy", "http://127.0.0.1:1", 1);
    EXPECT_NO_THROW(open());
    unsetenv("http_proxy");
    unsetenv("all_proxy");
}

}  // namespace
}  // namespace offlineimap::imap
