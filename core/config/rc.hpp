// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <filesystem>
#include <span>
#include <string>

namespace offlineimap::core {

/// Reads the original's file. `options` are -k's: they change what is written, so a reference to
/// what they set follows them. Throws config (what is wrong, and in which line), io.
[[nodiscard]] Config
read_rc(const std::filesystem::path& path, std::span<const std::string> options = {});

}  // namespace offlineimap::core
