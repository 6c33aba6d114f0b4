// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace offlineimap::console {

/// `text` with nothing in it that a terminal obeys: control characters of both sets, characters
/// that turn the direction of writing, and bytes that are no UTF-8 become "?", white space becomes
/// a blank. The core cleans its texts too; this is the last door before the terminal.
[[nodiscard]] std::string printable(std::string_view text);

/// How many columns a terminal needs for printable text.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;

/// The longest beginning of printable text that fits.
[[nodiscard]] std::string_view fitting(std::string_view text, std::size_t width) noexcept;

}  // namespace offlineimap::console
