// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"
#include "overrides.hpp"

#include <filesystem>
#include <optional>

namespace offlineimap::core {

/// Where a configuration may be, in the order of the search: the original's places, then ours.
[[nodiscard]] std::vector<std::filesystem::path> config_file_places();

/// The first of config_file_places() that exists. Throws config naming them all.
[[nodiscard]] std::filesystem::path find_config_file();

/// Reads `path` (`~` at its front replaced), as YAML if its name ends so, and applies what the
/// command line says. Throws config.
[[nodiscard]] Config
read_config(const std::filesystem::path& path, const Overrides& overrides = {});

}  // namespace offlineimap::core
