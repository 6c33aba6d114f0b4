// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <offlineimap/plugin.hpp>
#include <string>
#include <vector>

namespace offlineimap::testkit {

/// The symbols that a shared library defines for others, read from the file.
[[nodiscard]] std::vector<std::string> exported_symbols(const std::filesystem::path& library);

/// What holds for plugins of every kind: one exported symbol, a descriptor with names, option
/// tables that make sense. Throws Broken.
void check_library(const std::filesystem::path& library);
void check_component(const Component& component);

}  // namespace offlineimap::testkit
