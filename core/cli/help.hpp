// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sub_command.hpp"

#include <string>
#include <string_view>

namespace offlineimap::core {

/// What --help prints.
[[nodiscard]] std::string help_text(std::string_view program, std::span<const SubCommand> commands);

/// An option and its help, as --help shows them.
[[nodiscard]] std::string help_line(const CommandLineOption& option);

/// "9.0.0"
[[nodiscard]] std::string_view version() noexcept;

}  // namespace offlineimap::core
