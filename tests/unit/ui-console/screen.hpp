// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::console::test {

/// What a terminal shows after these bytes. Knows the few things that ttyui may send: line ends,
/// carriage return, "erase to the end of the line", colours. Anything else is counted as strange.
class Screen {
public:
    explicit Screen(std::string_view bytes);

    /// The last one is where the cursor is.
    [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return lines_; }
    [[nodiscard]] bool has_line(std::string_view line) const;
    [[nodiscard]] const std::string& last() const noexcept { return lines_.back(); }
    [[nodiscard]] const std::string& strange() const noexcept { return strange_; }
    [[nodiscard]] bool is_coloured() const noexcept { return coloured_; }

private:
    std::size_t escape(std::string_view bytes);
    void put(char c);

    std::vector<std::string> lines_ {std::string()};
    std::size_t column_ = 0;
    std::string strange_;
    bool coloured_ = false;
};

}  // namespace offlineimap::console::test
