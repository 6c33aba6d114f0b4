// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "wiped_text.hpp"

#include <gsasl.h>

namespace offlineimap::imap {

/// SaltedPassword of RFC 5802 section 3 in hexadecimal digits, by OpenSSL: from the password and
/// what the server's challenge said. Empty where something is missing or the password is not
/// plain ASCII, which SASLprep may change or refuse: libgsasl does that by itself.
[[nodiscard]] WipedText salted_password(Gsasl_session& session);

}  // namespace offlineimap::imap
