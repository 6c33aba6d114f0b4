// SPDX-License-Identifier: Apache-2.0
#include "tcp.hpp"

#include "curl_handles.hpp"
#include "text.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace offlineimap::imap {

namespace {

std::string url_of(const Endpoint& endpoint)
{
    const bool is_ipv6 = endpoint.host.find(':') != std::string::npos;
    return joined(
        "http://", is_ipv6 ? joined("[", endpoint.host, "]") : endpoint.host, ":",
        std::to_string(endpoint.port));
}

long resolve_option(AddressFamily family)
{
    switch (family) {
    case AddressFamily::ipv4:
        return CURL_IPRESOLVE_V4;
    case AddressFamily::ipv6:
        return CURL_IPRESOLVE_V6;
    default:
        return CURL_IPRESOLVE_WHATEVER;
    }
}

/// One attempt to connect; in the multi interface, so that a cancel ends it at once.
class Attempt {
public:
    Attempt(const Endpoint& endpoint, const Cancel& cancel) : endpoint_(endpoint), cancel_(cancel)
    {
        start_curl();
        easy_.reset(curl_easy_init());
        multi_.reset(curl_multi_init());
        if (!easy_ || !multi_) throw Error(Errc::internal, "start libcurl");
        configure();
        curl_multi_add_handle(multi_.get(), easy_.get());
    }
    Attempt(const Attempt&) = delete;
    Attempt& operator=(const Attempt&) = delete;
    ~Attempt() { curl_multi_remove_handle(multi_.get(), easy_.get()); }

    /// The connected socket, a duplicate of curl's own.
    Descriptor run()
    {
        int running = 1;
        while (running > 0) {
            cancel_.check();
            const CURLMcode code = curl_multi_perform(multi_.get(), &running);
            if (code != CURLM_OK) throw Error(Errc::network, failed(curl_multi_strerror(code)));
            if (running > 0) wait();
        }
        int left = 0;
        const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
        const CURLcode result = message ? message->data.result : CURLE_COULDNT_CONNECT;
        if (result != CURLE_OK) throw error_of(result);
        return duplicate();
    }

private:
    template <class Value> void set(CURLoption option, Value value)
    {
        set_option(easy_.get(), option, value);
    }

    void configure()
    {
        set(CURLOPT_URL, url_of(endpoint_).c_str());
        set(CURLOPT_CONNECT_ONLY, 1L);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_QUICK_EXIT, 1L);  // do not wait for a slow name server once cancelled
        set(CURLOPT_ERRORBUFFER, message_.data());
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(endpoint_.timeout.count()));
        set(CURLOPT_IPRESOLVE, resolve_option(endpoint_.family));
        set(CURLOPT_PROXY, endpoint_.proxy.c_str());  // empty: not even the environment's
        set(CURLOPT_NOPROXY, "");
        if (!endpoint_.proxy.empty()) set(CURLOPT_HTTPPROXYTUNNEL, 1L);
    }

    void wait()
    {
        curl_waitfd stop {cancel_.fd(), CURL_WAIT_POLLIN, 0};
        const bool pollable = cancel_.fd() >= 0;
        curl_multi_poll(multi_.get(), pollable ? &stop : nullptr, pollable ? 1 : 0, 500, nullptr);
    }

    [[nodiscard]] std::string failed(std::string_view why) const
    {
        const std::string by =
            endpoint_.proxy.empty() ? std::string() : std::string(" through the proxy");
        return joined("connect to ", endpoint_.name(), by, ": ", why);
    }

    Error error_of(CURLcode code)
    {
        long system_error = 0;
        curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &system_error);
        switch (code) {
        case CURLE_COULDNT_RESOLVE_HOST:
            return {Errc::network, failed("there is no host of this name")};
        case CURLE_COULDNT_RESOLVE_PROXY:
            return {Errc::network, failed("there is no host of the proxy's name")};
        case CURLE_OPERATION_TIMEDOUT:
            return {Errc::timeout, failed("no answer in time")};
        case CURLE_COULDNT_CONNECT:
            if (system_error == EINPROGRESS) return {Errc::timeout, failed("no answer in time")};
            if (system_error != 0)
                return {Errc::network, failed(errno_text(static_cast<int>(system_error)))};
            [[fallthrough]];
        default:
            return {
                Errc::network,
                failed(in_lower_case(without_credentials(
                    message_[0] ? message_.data() : curl_easy_strerror(code), endpoint_.proxy)))};
        }
    }

    Descriptor duplicate()
    {
        curl_socket_t socket = CURL_SOCKET_BAD;
        curl_easy_getinfo(easy_.get(), CURLINFO_ACTIVESOCKET, &socket);
        Descriptor own(fcntl(socket, F_DUPFD_CLOEXEC, 0));
        if (own.number() < 0) throw Error(Errc::network, failed(errno_text(errno)));
        return own;
    }

    const Endpoint& endpoint_;
    const Cancel& cancel_;
    std::array<char, CURL_ERROR_SIZE> message_ {};
    Multi multi_;
    Curl easy_;
};

bool is_loopback(int socket)
{
    sockaddr_storage peer {};
    socklen_t size = sizeof peer;
    if (getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return false;
    if (peer.ss_family == AF_INET) {
        const auto& address = reinterpret_cast<const sockaddr_in&>(peer).sin_addr;
        return (ntohl(address.s_addr) >> 24) == 127;
    }
    if (peer.ss_family != AF_INET6) return false;
    const auto& address = reinterpret_cast<const sockaddr_in6&>(peer).sin6_addr;
    return IN6_IS_ADDR_LOOPBACK(&address)
        || (IN6_IS_ADDR_V4MAPPED(&address) && address.s6_addr[12] == 127);
}

void set_socket_option(int socket, int level, int option, int value)
{
    // Each only makes things better; a system that lacks one must not be refused.
    setsockopt(socket, level, option, &value, sizeof value);
}

/// Commands leave at once; a peer that vanished without a word is noticed.
void tune(int socket, std::chrono::milliseconds timeout)
{
    set_socket_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
    set_socket_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_socket_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 60);
    set_socket_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 15);
    set_socket_option(socket, IPPROTO_TCP, TCP_KEEPCNT, 4);
    set_socket_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(timeout.count()));
}

}  // namespace

Socket connect_tcp(const Endpoint& endpoint, const Cancel& cancel)
{
    Descriptor socket = Attempt(endpoint, cancel).run();
    tune(socket.number(), endpoint.timeout);
    const auto route = !endpoint.proxy.empty() ? Socket::Route::proxy
        : is_loopback(socket.number())         ? Socket::Route::loopback
                                               : Socket::Route::direct;
    return {std::move(socket), endpoint.name(), route, cancel};
}

}  // namespace offlineimap::imap
