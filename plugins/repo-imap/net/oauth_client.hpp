// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sasl.hpp"
#include "wiped_text.hpp"

namespace offlineimap::imap {

/// XOAUTH2 (Google's, Microsoft's) and OAUTHBEARER (RFC 7628).
std::unique_ptr<SaslClient>
make_oauth_client(std::string_view mechanism, const SaslRequest& request, const WipedText& token);

}  // namespace offlineimap::imap
