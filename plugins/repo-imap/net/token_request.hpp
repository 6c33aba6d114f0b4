// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace offlineimap::imap {

/// What the token's server gave for a refresh token.
struct TokenGrant {
    std::string access_token;
    std::string refresh_token;  ///< replaces the one that was sent; empty = that one stays good
    std::chrono::seconds valid_for;  ///< 0 = the server does not say
};

/// Asks `oauth2_request_url` for an access token (RFC 6749 section 6). What comes back is withheld
/// from every output. Throws auth with the reason of the token's server, unavailable when that has
/// trouble of its own, network, timeout, tls, protocol, config, cancelled.
TokenGrant request_token(
    const std::string& refresh_token, std::string_view reason, Host& host, const Cancel* cancel);

}  // namespace offlineimap::imap
