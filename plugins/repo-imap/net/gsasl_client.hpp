// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sasl.hpp"
#include "wiped_text.hpp"

namespace offlineimap::imap {

/// The mechanisms that libgsasl knows. Takes its first step at once: throws auth when it cannot (no
/// Kerberos ticket, a password that the mechanism cannot carry).
std::unique_ptr<SaslClient> make_gsasl_client(
    std::string_view mechanism, const SaslRequest& request, const Stream& stream,
    const WipedText& password);

}  // namespace offlineimap::imap
