// SPDX-License-Identifier: Apache-2.0
#include "endpoint.hpp"

#include "host_name.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>
#include <string_view>

namespace offlineimap::imap {

namespace {

[[noreturn]] void refuse(const Settings& settings, std::string_view option, std::string_view why)
{
    throw Error(Errc::config, joined(settings.where(option), ": ", option, ": ", why));
}

std::string text_or_empty(const Settings& settings, std::string_view option)
{
    return settings.has(option) ? settings.text(option) : std::string();
}

Security security_of(const Settings& settings)
{
    if (settings.flag("ssl")) return Security::tls;
    return settings.flag("starttls") ? Security::starttls : Security::none;
}

std::uint16_t port_of(const Settings& settings, Security security)
{
    const std::int64_t port = settings.has("remoteport") ? settings.number("remoteport") : 0;
    if (port == 0) return security == Security::tls ? 993 : 143;
    if (port < 1 || port > std::numeric_limits<std::uint16_t>::max())
        refuse(settings, "remoteport", "a port is a number from 1 to 65535");
    return static_cast<std::uint16_t>(port);
}

/// The original's levels allowed more than TLS 1.2 at most; all mean at least TLS 1.2 here.
TlsVersions versions_of(const Settings& settings)
{
    const std::string version = in_lower_case(text_or_empty(settings, "ssl_version"));
    if (version.empty() || version == "ssl23") return TlsVersions::from_1_2;
    if (version == "tls1_2") return TlsVersions::only_1_2;
    if (version == "tls1_3") return TlsVersions::only_1_3;
    for (const std::string_view old : {"ssl2", "ssl3", "tls1", "tls1_1"})
        if (version == old)
            refuse(
                settings, "ssl_version",
                joined(old, " is not safe and not supported; use tls1_2, or leave this out"));
    refuse(settings, "ssl_version", joined("unknown version \"", version, "\", use tls1_2"));
}

std::string fingerprint_of(const Settings& settings, std::string_view written)
{
    std::string digits;
    for (const char c : in_lower_case(written))
        if (c != ':' && c != ' ') digits += c;
    constexpr std::array<std::size_t, 5> lengths {40, 56, 64, 96, 128};
    const bool is_length =
        std::find(lengths.begin(), lengths.end(), digits.size()) != lengths.end();
    if (!is_length || digits.find_first_not_of("0123456789abcdef") != std::string::npos)
        refuse(
            settings, "cert_fingerprint",
            joined(
                "\"", written,
                "\" is not the hexadecimal SHA-1, SHA-224, SHA-256, SHA-384 or "
                "SHA-512 of a certificate"));
    return digits;
}

std::string file_of(const Settings& settings, std::string_view option)
{
    std::string name = text_or_empty(settings, option);
    std::error_code ignored;
    if (!name.empty() && !std::filesystem::exists(name, ignored))
        refuse(settings, option, joined("there is no file ", name));
    return name;
}

TlsSettings tls_of(const Settings& settings)
{
    TlsSettings tls;
    tls.versions = versions_of(settings);
    if (text_or_empty(settings, "sslcacertfile").ends_with("OS-DEFAULT"))
        tls.authorities = system_authorities;
    else
        tls.authorities = file_of(settings, "sslcacertfile");
    if (settings.has("cert_fingerprint"))
        for (const std::string& written : settings.list("cert_fingerprint"))
            tls.fingerprints.push_back(fingerprint_of(settings, written));
    tls.client_certificate = file_of(settings, "sslclientcert");
    tls.client_key = file_of(settings, "sslclientkey");
    if (tls.client_certificate.empty() && !tls.client_key.empty())
        refuse(settings, "sslclientkey", "a key needs its certificate, sslclientcert");
    return tls;
}

AddressFamily family_of(const Settings& settings)
{
    if (!settings.has("ipv6")) return AddressFamily::any;
    return settings.flag("ipv6") ? AddressFamily::ipv6 : AddressFamily::ipv4;
}

void read_tunnel(const Settings& settings, Endpoint& endpoint)
{
    const std::string preauth = text_or_empty(settings, "preauthtunnel");
    endpoint.tunnel = text_or_empty(settings, "transporttunnel");
    if (!preauth.empty() && !endpoint.tunnel.empty())
        refuse(settings, "preauthtunnel", "only one of preauthtunnel and transporttunnel");
    if (preauth.empty()) return;
    endpoint.tunnel = preauth;
    endpoint.preauthenticated = true;
}

}  // namespace

std::string Endpoint::name() const
{
    if (!tunnel.empty()) return "tunnel";
    return joined(host, ":", std::to_string(port));
}

namespace {

bool is_hexadecimal(std::string_view digits)
{
    return digits.size() == 2
        && digits.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// `user:password` as a URL holds it; what is in that form already stays as it is.
std::string escaped(std::string_view written)
{
    constexpr std::string_view as_it_is = "-._~:0123456789"
                                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string url;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const char c = written[i];
        const bool is_escape = c == '%' && is_hexadecimal(written.substr(i + 1, 2));
        if (is_escape || as_it_is.find(c) != std::string_view::npos) {
            url += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        (((url += '%') += digits[byte >> 4U]) += digits[byte & 15U]);
    }
    return url;
}

/// The URL of an address that is written as `user:password@host:port`.
std::string url_of_proxy(const std::string& type, const std::string& address)
{
    const auto at = address.rfind('@');
    if (at == std::string::npos) return joined(type, "://", address);
    return joined(type, "://", escaped(address.substr(0, at)), address.substr(at));
}

}  // namespace

/// `TYPE:host:port` of the original, or a URL as libcurl takes it.
std::string proxy_from(const Settings& settings, std::string_view option)
{
    const std::string written = text_or_empty(settings, option);
    if (written.empty()) return {};
    const auto colon = written.find(':');
    const std::string type = in_lower_case(written.substr(0, colon));
    constexpr std::array<std::string_view, 6> types {"socks4",  "socks4a", "socks5",
                                                     "socks5h", "http",    "https"};
    if (std::find(types.begin(), types.end(), type) == types.end())
        refuse(
            settings, option,
            "TYPE:host:port, with TYPE one of SOCKS5, SOCKS5H, SOCKS4, "
            "SOCKS4A, HTTP");
    const std::string rest = written.substr(colon + 1);
    const std::string address = rest.starts_with("//") ? rest.substr(2) : rest;
    const auto port = address.rfind(':');
    const bool has_port = port != std::string::npos && port > 0 && port + 1 < address.size()
        && address.find_first_not_of("0123456789", port + 1) == std::string::npos;
    if (!has_port) refuse(settings, option, "host and port are missing: TYPE:host:port");
    return rest.starts_with("//") ? joined(type, ":", rest) : url_of_proxy(type, address);
}

std::string without_credentials(std::string text, std::string_view proxy)
{
    const auto begin = proxy.find("://");
    const auto end = proxy.rfind('@');
    if (begin == std::string_view::npos || end == std::string_view::npos) return text;
    const auto who = proxy.substr(begin + 3, end - begin - 3);
    const auto password = who.substr(std::min(who.find(':'), who.size() - 1) + 1);
    for (const auto secret : {who, password}) {
        if (secret.size() < 3) continue;  // it is none, and in every text
        for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + 3))
            text.replace(at, secret.size(), "...");
    }
    return text;
}

Endpoint endpoint_from(const Settings& settings)
{
    Endpoint endpoint;
    read_tunnel(settings, endpoint);
    endpoint.host = text_or_empty(settings, "remotehost");
    if (endpoint.host.empty() && endpoint.tunnel.empty())
        throw Error(Errc::config, "remotehost is missing: the name of the IMAP server");
    if (endpoint.host.find_first_of("/@#? \t\r\n") != std::string::npos)
        refuse(settings, "remotehost", "this is not the name of a host");
    try {
        endpoint.host = ascii_host_name(endpoint.host);
    } catch (const Error& error) {
        refuse(settings, "remotehost", error.what());
    }
    endpoint.security = endpoint.tunnel.empty() ? security_of(settings) : Security::none;
    endpoint.port = port_of(settings, endpoint.security);
    endpoint.tls = tls_of(settings);
    endpoint.family = family_of(settings);
    endpoint.proxy = proxy_from(settings);
    const std::int64_t timeout = settings.has("socktimeout") ? settings.number("socktimeout") : 0;
    if (timeout > 0)
        endpoint.timeout = std::chrono::seconds(std::min<std::int64_t>(timeout, 86'400));
    return endpoint;
}

}  // namespace offlineimap::imap
