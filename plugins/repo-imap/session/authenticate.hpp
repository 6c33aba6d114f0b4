// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "login.hpp"

namespace offlineimap::imap {

/// Proves who we are, by AUTHENTICATE or LOGIN. Throws auth when the server does not believe it,
/// unavailable when it cannot say, network when it hangs up, tls when it insists on TLS.
///
/// A password that was refused is not offered again, with one exception: servers that cannot verify
/// one of the mechanisms they advertise are common, so after a challenge-response mechanism a plain
/// one has its try. A certificate, a ticket, a token is shown once. Then the user is asked for
/// another password, or the token's server for another token; once.
void authenticate(Connection& connection, const Account& account, const Cancel* cancel);

}  // namespace offlineimap::imap
