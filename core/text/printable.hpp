// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace offlineimap::core {

/// One line that may go to a terminal or a log whoever wrote it: line ends and tabs become blanks;
/// other control characters (C0, DEL, C1), characters that turn the writing direction, and every
/// byte that is not UTF-8 become '?'.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace offlineimap::core
