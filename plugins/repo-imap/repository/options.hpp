// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <cstddef>
#include <string_view>

namespace offlineimap::imap {

inline constexpr Option imap_options[] = {
    {"remotehost", OptionType::text, "", "the server's name or address; not needed with a tunnel"},
    {"remoteport", OptionType::number, "", "port; 993 with ssl, else 143"},
    {"remoteuser", OptionType::text, "", "who signs in"},
    {"remotepass", OptionType::secret, "", "the password; asked for when it is nowhere to be had"},
    {"remote_identity", OptionType::text, "", "act as this user after signing in as remoteuser"},
    {"auth_mechanisms", OptionType::list, "",
     "SASL mechanisms to try, in this order; empty = the strongest both sides know"},
    {"ssl", OptionType::flag, "yes", "TLS from the first byte"},
    {"starttls", OptionType::flag, "yes", "without ssl: insist on STARTTLS before signing in"},
    {"ssl_version", OptionType::text, "", "restrict TLS to one version: tls1_2"},
    {"tls_level", OptionType::choice, "tls_compat", "how strict TLS is",
     "tls_secure|tls_no_ssl|tls_compat"},
    {"sslcacertfile", OptionType::path, "", "certificates to trust; OS-DEFAULT = the system's"},
    {"cert_fingerprint", OptionType::list, "", "accept exactly these certificates"},
    {"sslclientcert", OptionType::path, "", "our certificate"},
    {"sslclientkey", OptionType::path, "", "the key of our certificate"},
    {"ipv6", OptionType::flag, "", "yes: IPv6 alone; no: IPv4 alone; absent: what answers first"},
    {"proxy", OptionType::text, "", "TYPE:host:port, type SOCKS4, SOCKS5 or HTTP"},
    {"authproxy", OptionType::text, "", "the same for OAuth2 requests alone; empty = none"},
    {"preauthtunnel", OptionType::text, "",
     "a command whose input and output are an IMAP session already signed in"},
    {"transporttunnel", OptionType::text, "", "a command that leads to the server"},
    {"oauth2_client_id", OptionType::text, "", "OAuth2: who this program is"},
    {"oauth2_client_secret", OptionType::secret, "", "OAuth2: its secret"},
    {"oauth2_refresh_token", OptionType::secret, "", "OAuth2: fetches access tokens"},
    {"oauth2_access_token", OptionType::secret, "", "OAuth2: a token to use as it is"},
    {"oauth2_request_url", OptionType::text, "", "OAuth2: where access tokens are to be had"},
    {"reference", OptionType::text, "", "the folder that the listing begins at"},
    {"usenamespace", OptionType::flag, "no",
     "leave away what the server puts before all its folders (INBOX.)"},
    {"folderincludes", OptionType::list, "", "folders besides those that the server lists"},
    {"subscribedonly", OptionType::flag, "no", "subscribed folders alone"},
    {"trust_status", OptionType::flag, "no",
     "do not open a folder whose STATUS is the one of the last run (quick runs never do)"},
    {"utf8foldernames", OptionType::flag, "no", "write folder names in UTF-8"},
    {"decodefoldernames", OptionType::flag, "no", "the older name of utf8foldernames"},
    {"expunge", OptionType::flag, "yes", "remove for good what is deleted here"},
    {"usecompression", OptionType::flag, "yes", "compress the line where the server can"},
    {"socktimeout", OptionType::seconds, "60", "give up on a silent server after this time"},
    {"keepalive", OptionType::seconds, "0", "say something at least this often while waiting"},
    {"holdconnectionopen", OptionType::flag, "no", "stay connected between runs"},
    {"idlefolders", OptionType::list, "", "folders to watch between runs"},
    {"maxconnections", OptionType::number, "1", "connections at the same time"},
    {"singlethreadperfolder", OptionType::flag, "no", "of old; without effect"},
    {"retrycount", OptionType::number, "2", "attempts after a lost connection"},
    {"synclabels", OptionType::flag, "no", "take part in Gmail's labels"},
    {"disable_extensions", OptionType::list, "",
     "IMAP extensions of the server that must not be used"},
};

/// The same options with Gmail's own defaults.
struct GmailOptions {
    Option list[std::size(imap_options)] = {};
};

constexpr GmailOptions make_gmail_options()
{
    GmailOptions options;
    for (std::size_t i = 0; i < std::size(imap_options); ++i) {
        options.list[i] = imap_options[i];
        const std::string_view name = imap_options[i].name;
        if (name == "remotehost") options.list[i].fallback = "imap.gmail.com";
        if (name == "remoteport") options.list[i].fallback = "993";
        if (name == "oauth2_request_url")
            options.list[i].fallback = "https://accounts.google.com/o/oauth2/token";
    }
    return options;
}

inline constexpr GmailOptions gmail_options = make_gmail_options();

}  // namespace offlineimap::imap
