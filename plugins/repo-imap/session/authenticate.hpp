// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "login.hpp"

namespace offlineimap::imap {

/// Proves who we are, by AUTHENTICATE or LOGIN. Throws auth when the server does not believe it.
///
/// A password that was refused is not offered again, with one exception: servers that cannot verify
/// one of the mechanisms they advertise are common, so after a challenge-response mechanism a plain
/// one has its try. Then the user is asked once more.
void authenticate(Connection& connection, const Account& account);

}  // namespace offlineimap::imap
