// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace offlineimap::maildir {

/// A date as RFC 5322 section 3.3 writes it, with the obsolete forms of section 4.3 (two-digit
/// years, zone names), comments, and without the day of the week or the seconds.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_date(std::string_view text);

/// What the header's Date field says, else its Delivery-date field. `text` begins with the header;
/// its line ends may be LF or CRLF.
[[nodiscard]] std::optional<std::chrono::sys_seconds> date_of_message(std::string_view text);

}  // namespace offlineimap::maildir
