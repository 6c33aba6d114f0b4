// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace offlineimap::core {

/// The candidate that `name` is most likely a slip of (letters added, lost, changed, swapped, case
/// not counted); empty when none is near. The view points into `candidates`.
[[nodiscard]] std::string_view
nearest_name(std::string_view name, std::span<const std::string> candidates);

/// The end of an error text: `, did you mean "accounts"`, or nothing.
[[nodiscard]] std::string
did_you_mean(std::string_view name, std::span<const std::string> candidates);

}  // namespace offlineimap::core
