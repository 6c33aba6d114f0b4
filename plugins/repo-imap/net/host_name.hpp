// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace offlineimap::imap {

/// A host's name as DNS and certificates write it: `bücher.example` becomes
/// `xn--bcher-kva.example` (RFC 5891), whatever the locale. Throws config where there is no such
/// name.
[[nodiscard]] std::string ascii_host_name(const std::string& name);

}  // namespace offlineimap::imap
