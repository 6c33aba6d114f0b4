// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace offlineimap::core {

/// A day as "2024-12-31". nullopt: it is written otherwise, does not exist, is before 1900 or after
/// `today`.
[[nodiscard]] std::optional<std::chrono::sys_days> parse_date(
    std::string_view text,
    std::chrono::sys_days today =
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));

}  // namespace offlineimap::core
