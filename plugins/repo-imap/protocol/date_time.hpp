// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace offlineimap::imap {

/// RFC 3501 date-time without its quotes: `17-Jul-1996 02:44:25 -0700`, the day padded with a blank
/// or not.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_date_time(std::string_view text);

/// In UTC: `17-Jul-1996 09:44:25 +0000`.
[[nodiscard]] std::string format_date_time(std::chrono::sys_seconds time);

/// RFC 3501 date, for SEARCH: `17-Jul-1996`.
[[nodiscard]] std::string format_date(std::chrono::sys_days day);

}  // namespace offlineimap::imap
