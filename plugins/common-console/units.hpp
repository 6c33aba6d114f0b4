// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

// Numbers as a person reads them.

namespace offlineimap::console {

/// "999 B", "1.5 kB", "12 MB": three digits at most, powers of 1000.
[[nodiscard]] std::string byte_text(std::uint64_t bytes);

/// "0:07", "12:34", "1:02:03".
[[nodiscard]] std::string duration_text(std::uint64_t seconds);

}  // namespace offlineimap::console
