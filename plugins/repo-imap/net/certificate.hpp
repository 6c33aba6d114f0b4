// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "openssl.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::imap {

/// The digest of the whole certificate in lower-case hex, by the algorithm that has as many digits
/// as `like`; empty when none has.
[[nodiscard]] std::string fingerprint(const X509& certificate, std::string_view like);
[[nodiscard]] std::string sha256_fingerprint(const X509& certificate);
/// Whether one of the fingerprints is this certificate's.
[[nodiscard]] bool is_one_of(const X509& certificate, const std::vector<std::string>& fingerprints);

/// Why a certificate was refused, for a person: "it expired on 2024-05-01". `error` is OpenSSL's
/// verification result, `culprit` the certificate of the chain it is about.
[[nodiscard]] std::string
refusal_text(int error, const X509* culprit, std::string_view expected_host);

}  // namespace offlineimap::imap
