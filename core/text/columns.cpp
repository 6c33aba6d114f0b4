// SPDX-License-Identifier: Apache-2.0
#include "columns.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

namespace offlineimap::core {
namespace {

constexpr std::size_t gap = 2;

/// Characters of UTF-8; names of folders are rarely wider.
std::size_t length(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Names in a grid of so many columns.
class Grid {
public:
    Grid(const std::vector<std::string>& names, std::size_t columns, const ColumnStyle& style)
        : names_(names)
        , by_row_(style.fill == ColumnStyle::Fill::rows)
        , rows_((names.size() + columns - 1) / columns)
        , widths_(columns)
    {
        for (std::size_t i = 0; i < names.size(); ++i) {
            auto& width = widths_[by_row_ ? i % columns : i / rows_];
            width = std::max(width, length(names[i]));
        }
        if (style.width == ColumnStyle::Width::equal)
            std::ranges::fill(widths_, *std::ranges::max_element(widths_));
    }

    [[nodiscard]] std::size_t width() const
    {
        return std::accumulate(widths_.begin(), widths_.end(), (widths_.size() - 1) * gap);
    }

    [[nodiscard]] std::vector<std::string> lines() const
    {
        std::vector<std::string> lines(rows_);
        std::vector<std::size_t> written(rows_);
        for (std::size_t i = 0; i < names_.size(); ++i) {
            const auto row = by_row_ ? i / widths_.size() : i % rows_;
            const auto column = by_row_ ? i % widths_.size() : i / rows_;
            const auto at = std::accumulate(
                widths_.begin(), widths_.begin() + static_cast<std::ptrdiff_t>(column),
                column * gap);
            lines[row].append(at - written[row], ' ').append(names_[i]);
            written[row] = at + length(names_[i]);
        }
        return lines;
    }

private:
    const std::vector<std::string>& names_;
    const bool by_row_;
    const std::size_t rows_;
    std::vector<std::size_t> widths_;
};

}  // namespace

std::vector<std::string>
in_columns(const std::vector<std::string>& names, std::size_t width, const ColumnStyle& style)
{
    if (style.fill == ColumnStyle::Fill::plain || names.size() < 2) return names;
    for (std::size_t columns = std::min(names.size(), width / (gap + 1) + 1); columns > 1;
         --columns)
        if (const Grid grid(names, columns, style); grid.width() <= width) return grid.lines();
    return names;
}

}  // namespace offlineimap::core
