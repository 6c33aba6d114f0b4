// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace offlineimap::status {

/// CRC-32 of `bytes` after those that gave `before`.
[[nodiscard]] std::uint32_t checksum(std::string_view bytes, std::uint32_t before = 0) noexcept;

}  // namespace offlineimap::status
