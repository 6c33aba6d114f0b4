// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <offlineimap/plugin.hpp>
#include <string_view>

namespace offlineimap::testkit {

/// Opens a plugin's library as the core does: all symbols bound at once, none of them visible to
/// others. Throws Broken when it cannot be loaded or has no descriptor. The library stays loaded.
[[nodiscard]] const Plugin& load_plugin(const std::filesystem::path& library);

/// The component of this kind and type; Broken if there is none. With an empty type the first one.
[[nodiscard]] const Component&
find_component(const Plugin& plugin, Kind kind, std::string_view type);

}  // namespace offlineimap::testkit
