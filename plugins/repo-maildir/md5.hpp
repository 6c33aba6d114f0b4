// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace offlineimap::maildir {

/// MD5 (RFC 1321) in lower-case hex. Only a name for folders here, no matter of security; done by
/// hand because a library built for FIPS refuses it.
[[nodiscard]] std::string md5_hex(std::string_view text);

}  // namespace offlineimap::maildir
