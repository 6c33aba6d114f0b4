// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::core {

/// The pieces one after the other.
template <class... Pieces> [[nodiscard]] std::string concat(const Pieces&... pieces)
{
    std::string all;
    all.reserve((std::size_t {0} + ... + std::string_view(pieces).size()));
    (all.append(std::string_view(pieces)), ...);
    return all;
}

/// In double quotes, for messages.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// Without the blanks at both ends. Blanks are the ASCII ones.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// ASCII letters in lower case, everything else as it is.
[[nodiscard]] std::string lower(std::string_view text);

/// Every piece between separators, empty ones included: "a,,b" is a, nothing, b; "" is one empty
/// piece. The views point into `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// The items of a comma-separated list, trimmed, empty ones left out.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

/// The items with `separator` between them.
[[nodiscard]] std::string join(const std::vector<std::string>& items, std::string_view separator);

}  // namespace offlineimap::core
