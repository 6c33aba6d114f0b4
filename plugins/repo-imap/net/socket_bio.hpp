// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "openssl.hpp"

namespace offlineimap::imap {

/// OpenSSL's access to a non-blocking socket. Unlike OpenSSL's own it never raises SIGPIPE. The
/// descriptor stays the caller's.
[[nodiscard]] OpenSsl<BIO> make_socket_bio(int descriptor);

}  // namespace offlineimap::imap
