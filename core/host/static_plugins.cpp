// SPDX-License-Identifier: Apache-2.0
#include "static_plugins.hpp"

namespace offlineimap::core {

std::span<const Plugin* const> static_plugins()
{
    return {};
}

}  // namespace offlineimap::core
