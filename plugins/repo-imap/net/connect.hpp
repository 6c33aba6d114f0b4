// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "endpoint.hpp"
#include "stream.hpp"

#include <memory>

namespace offlineimap::imap {

/// Runs the tunnel, or connects by TCP and, with Security::tls, does the handshake. Throws network,
/// timeout, tls, config (certificate files), cancelled. `cancel` outlives the stream.
std::unique_ptr<Stream> connect(const Endpoint& endpoint, const Cancel& cancel, Host& host);

/// After the server's OK to STARTTLS; nothing may have been received behind that OK. `plain` comes
/// from connect().
std::unique_ptr<Stream> start_tls(std::unique_ptr<Stream> plain, const Endpoint& endpoint);

/// After the server's OK to COMPRESS DEFLATE (RFC 4978). `received` is what was already read behind
/// that OK.
std::unique_ptr<Stream> start_deflate(std::unique_ptr<Stream> inner, Bytes received = {});

}  // namespace offlineimap::imap
