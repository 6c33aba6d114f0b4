// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace offlineimap::core {

/// How a list of names is laid out: `--column`.
struct ColumnStyle {
    enum class When { never, always, on_terminal };
    enum class Fill { columns, rows, plain };  ///< plain: one column
    enum class Width { equal, own };           ///< of the columns
    When when = When::never;
    Fill fill = Fill::columns;
    Width width = Width::equal;
};

/// The lines of a table of these names, none wider than `width` unless a single name is.
[[nodiscard]] std::vector<std::string>
in_columns(const std::vector<std::string>& names, std::size_t width, const ColumnStyle& style);

}  // namespace offlineimap::core
