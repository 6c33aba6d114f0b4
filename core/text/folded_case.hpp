// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace offlineimap::core {

/// In small letters as far as file systems go that do not tell them from capitals: of ASCII, Latin,
/// Greek and Cyrillic, in UTF-8. Other bytes stay.
[[nodiscard]] std::string folded_case(std::string_view text);

}  // namespace offlineimap::core
