// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace offlineimap::status {

template <class... Parts> [[nodiscard]] std::string concat(const Parts&... parts)
{
    std::string text;
    (text.append(std::string_view(parts)), ...);
    return text;
}

}  // namespace offlineimap::status
