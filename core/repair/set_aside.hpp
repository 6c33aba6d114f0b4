// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace offlineimap::core {

/// The file below `directory` that an error text names; nothing: none of them.
[[nodiscard]] std::optional<std::filesystem::path>
file_named_in(std::string_view text, const std::filesystem::path& directory);

/// Moves what cannot be read out of the way, with what SQLite keeps beside it, and never deletes:
/// DIRECTORY/FILE of a store becomes DIRECTORY.corrupt-DATE/FILE, so that nothing takes it for a
/// folder's state. A file right in `top` becomes FILE.corrupt-DATE. Returns where it is now. Throws
/// io.
std::filesystem::path set_aside(
    const std::filesystem::path& file, const std::filesystem::path& top,
    std::chrono::system_clock::time_point now);

}  // namespace offlineimap::core
