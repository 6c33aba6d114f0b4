// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <span>

namespace offlineimap::core {

/// The plugins that are linked into this program: none, unless it was built with
/// OFFLINEIMAP_STATIC_PLUGINS; then the build writes this function.
[[nodiscard]] std::span<const Plugin* const> static_plugins();

}  // namespace offlineimap::core
