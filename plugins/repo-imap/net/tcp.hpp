// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "endpoint.hpp"
#include "socket.hpp"

namespace offlineimap::imap {

/// Connects by libcurl: names, IPv6 and IPv4 racing, proxies. Throws network, timeout, cancelled.
Socket connect_tcp(const Endpoint& endpoint, const Cancel& cancel);

}  // namespace offlineimap::imap
