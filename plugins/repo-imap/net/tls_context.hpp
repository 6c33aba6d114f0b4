// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "endpoint.hpp"
#include "openssl.hpp"

namespace offlineimap::imap {

/// What failed in OpenSSL's own words, lower case; empties its queue of this thread.
[[nodiscard]] std::string openssl_reason();

/// Versions, authorities and our own certificate. Throws config when a file cannot be used.
[[nodiscard]] OpenSsl<SSL_CTX> make_tls_context(const TlsSettings& settings);

/// Whether the chain and the name of the server's certificate are verified: always, but for a
/// fingerprint that stands alone.
[[nodiscard]] bool verifies_chain(const TlsSettings& settings) noexcept;

}  // namespace offlineimap::imap
