// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "connection.hpp"
#include "net/endpoint.hpp"
#include "net/token_keeper.hpp"

#include <memory>
#include <string>
#include <vector>

namespace offlineimap::imap {

/// Where to sign in, and as whom.
struct Account {
    Endpoint endpoint;
    std::string user;
    std::string identity;                 ///< act as this user; empty = as `user`
    std::vector<std::string> mechanisms;  ///< in this order; empty = by strength
    TokenKeeper* tokens = nullptr;        ///< OAuth2; nullptr = there are none to be had
    std::vector<std::string> hidden_capabilities;
};

/// From a fresh stream to a session that is signed in, its capabilities known. Throws auth, tls,
/// network, timeout, unavailable, protocol, cancelled.
///
/// `cancel` ends a request for an OAuth2 token. Nothing secret is sent before TLS unless the
/// endpoint's security is none. What the server said before STARTTLS is forgotten.
[[nodiscard]] std::unique_ptr<Connection> sign_in(
    std::unique_ptr<Stream> stream, const Account& account, Host& host,
    const Cancel* cancel = nullptr);

}  // namespace offlineimap::imap
