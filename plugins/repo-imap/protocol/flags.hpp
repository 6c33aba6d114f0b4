// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/types.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::imap {

/// A flag-list of RFC 3501, sorted into what the SDK knows.
struct FlagList {
    Set<Flag> flags;
    std::vector<std::string> keywords;  ///< sorted, each once
    bool any_keyword = false;           ///< `\*` of PERMANENTFLAGS

    void clear() noexcept;
    /// One flag as it stands on the wire. `\Recent` and system flags of others are passed over.
    void add(std::string_view flag);
    /// Brings `keywords` into order; after the last add().
    void finish();
};

/// As on the wire, without parentheses: `\Seen \Flagged $Forwarded work`. Keywords that are no atom
/// (RFC 3501 flag-keyword) are left out: no server could store them.
[[nodiscard]] std::string flag_text(Set<Flag> flags, const std::vector<std::string>& keywords);

}  // namespace offlineimap::imap
