// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::imap {

enum class Security : std::uint8_t {
    none,  ///< in the clear, as the user said (`ssl = no`, `starttls = no`), or through a tunnel
    starttls,  ///< no credentials before start_tls()
    tls,       ///< from the first byte; connect() does it
};
enum class AddressFamily : std::uint8_t { any, ipv4, ipv6 };
enum class TlsVersions : std::uint8_t { from_1_2, only_1_2, only_1_3 };

/// TlsSettings::authorities for the system's, said explicitly: then they count beside a
/// fingerprint.
inline constexpr std::string_view system_authorities = "OS-DEFAULT";

struct TlsSettings {
    TlsVersions versions = TlsVersions::from_1_2;
    std::string authorities;                ///< file or system_authorities; empty = the system's
    std::vector<std::string> fingerprints;  ///< lower-case hex; without `authorities` they decide
    std::string client_certificate, client_key;  ///< files; empty = none
};

/// How to reach a server: what the settings say, checked.
struct Endpoint {
    std::string host;  ///< may be empty with a tunnel
    std::uint16_t port = 993;
    Security security = Security::tls;
    TlsSettings tls;
    AddressFamily family = AddressFamily::any;
    std::string proxy;              ///< URL; empty = none
    std::string tunnel;             ///< shell command; empty = TCP
    bool preauthenticated = false;  ///< the tunnel's greeting must be PREAUTH, nobody signs in
    std::chrono::milliseconds timeout {60'000};  ///< for connecting and for each wait

    /// For messages: "imap.example.org:993", "tunnel".
    [[nodiscard]] std::string name() const;
};

/// Reads remotehost, remoteport, ssl, starttls, ssl_version, tls_level, sslcacertfile,
/// cert_fingerprint, sslclientcert, sslclientkey, ipv6, proxy, preauthtunnel, transporttunnel and
/// socktimeout. Throws config naming the setting and its place.
Endpoint endpoint_from(const Settings& settings);

/// The setting `proxy` (or `authproxy`) as a URL; empty = none. Throws config.
std::string proxy_from(const Settings& settings, std::string_view option = "proxy");

/// What libcurl says of a proxy, without the user and the password of its URL.
std::string without_credentials(std::string text, std::string_view proxy);

}  // namespace offlineimap::imap
