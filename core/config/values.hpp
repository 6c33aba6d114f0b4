// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// What the text of a value means. nullopt: it means nothing of that type.

namespace offlineimap::core {

/// 1 yes true on, 0 no false off, in any case.
[[nodiscard]] std::optional<bool> parse_flag(std::string_view text);

/// As Python's int(): "-1", "+7", "1_000".
[[nodiscard]] std::optional<std::int64_t> parse_integer(std::string_view text);

/// As Python's float(), but finite: "0.5", "5", "1e2".
[[nodiscard]] std::optional<double> parse_decimal(std::string_view text);

/// Bytes: "2000", "10K", "10M", "1G" (of 1024).
[[nodiscard]] std::optional<std::int64_t> parse_size(std::string_view text);

/// Seconds: "30", "30s", "5m", "1h", "2d".
[[nodiscard]] std::optional<std::int64_t> parse_seconds(std::string_view text);

/// `~` and `~user` at the front become the home folder; left as it is where there is none.
[[nodiscard]] std::string expand_home(std::string_view path);

/// expand_home(), then $NAME and ${NAME} from the environment; those that are not there stay.
[[nodiscard]] std::string expand_path(std::string_view path);

}  // namespace offlineimap::core
