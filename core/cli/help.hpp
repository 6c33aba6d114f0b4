// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace offlineimap::core {

/// What --help prints.
[[nodiscard]] std::string help_text(std::string_view program);

/// "9.0.0"
[[nodiscard]] std::string_view version() noexcept;

}  // namespace offlineimap::core
