// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/types.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// How values are written into columns.

namespace offlineimap::status {

/// The number behind an id that can be a row id of the original's table: 1 to 2^63-1 in decimal
/// without leading zeros. nullopt: the id is kept as text in a table of ours.
[[nodiscard]] std::optional<std::int64_t> row_id(const MessageId& id) noexcept;

/// The decimal digits of `number` in `out`, without a needless allocation.
void assign_number(std::string& out, std::int64_t number);

/// The original's labels column: joined with ", ".
[[nodiscard]] std::string join_labels(std::span<const std::string> labels);

/// Sorted; blanks around a label and empty ones are dropped, as the original does.
[[nodiscard]] std::vector<std::string> split_labels(std::string_view column);

/// Our own lists: one item a line, so that any text survives.
[[nodiscard]] std::string join_list(std::span<const std::string> items);
[[nodiscard]] std::vector<std::string> split_list(std::string_view column);

}  // namespace offlineimap::status
