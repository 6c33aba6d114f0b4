// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "endpoint.hpp"
#include "socket.hpp"

namespace offlineimap::imap {

/// Runs the tunnel's command by the shell, in a process group of its own, with a socket as its
/// input and output. It is ended and reaped with the socket. Throws io.
Socket open_tunnel(const Endpoint& endpoint, const Cancel& cancel);

}  // namespace offlineimap::imap
