// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace offlineimap::imap {

/// The lines of a small file; none when it is not there. Throws io when it cannot be read.
[[nodiscard]] std::vector<std::string> read_private_file(const std::filesystem::path& file);

/// Replaces the file as a whole, for the user alone (0600), flushed. Throws io.
void write_private_file(const std::filesystem::path& file, const std::vector<std::string>& lines);

}  // namespace offlineimap::imap
