// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

namespace offlineimap::core {

/// The whole file. Throws config: a file that the user names must be there and readable.
[[nodiscard]] std::string read_text_file(const std::filesystem::path& path);

}  // namespace offlineimap::core
