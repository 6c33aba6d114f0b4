// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meter.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace offlineimap::ui_ttyui {

/// What the line at the bottom tells.
struct Progress {
    std::string activity;  ///< printable
    Counters counters;
    std::optional<std::uint64_t> bytes_per_second, seconds_left;
};

/// At most `width` columns. The narrower, the less: the count of messages stays longest, then the
/// time left, the speed, the bytes, the bar, and what is being done. Without a total only what is
/// being done.
[[nodiscard]] std::string progress_line(const Progress& progress, std::size_t width);

}  // namespace offlineimap::ui_ttyui
