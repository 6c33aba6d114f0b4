// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace offlineimap::maildir {

/// Whether the file system of `root`, or of what there is above it, takes names with ":", which
/// those of Windows do not. Where the kind of file system does not tell, a short-lived file does;
/// what cannot be tried is taken for yes.
[[nodiscard]] bool takes_colons(const std::filesystem::path& root);

/// Whether names there that differ in the case of letters alone are the same name. Found out in the
/// same way; what cannot be tried is taken for no.
[[nodiscard]] bool folds_case(const std::filesystem::path& root);

}  // namespace offlineimap::maildir
