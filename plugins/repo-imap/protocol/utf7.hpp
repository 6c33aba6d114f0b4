// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace offlineimap::imap {

/// Modified UTF-7 of RFC 3501 section 5.1.3 into UTF-8. Empty when the text is not valid modified
/// UTF-7 in the one form an encoder makes, so that encoding the result gives the text back.
[[nodiscard]] std::optional<std::string> decode_utf7(std::string_view text);

/// UTF-8 into modified UTF-7. Empty when `text` is not valid UTF-8.
[[nodiscard]] std::optional<std::string> encode_utf7(std::string_view text);

}  // namespace offlineimap::imap
