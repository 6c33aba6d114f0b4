// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sasl.hpp"

namespace offlineimap::imap {

/// An OAuth2 access token: the configured one unless it was refused, else a new one for the refresh
/// token (RFC 6749 section 6). Throws auth with the reason of the token's server, network, timeout,
/// config, cancelled.
std::string access_token(const SaslRequest& request, Host& host);

}  // namespace offlineimap::imap
