// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <filesystem>
#include <span>
#include <string>

namespace offlineimap::core {

/// Reads a YAML file into the same model:
///
///     general: {accounts: [work]}
///     accounts: {work: {localrepository: here, remoterepository: there}}
///     repositories: {here: {type: Maildir, localfolders: ~/Mail}, there: {type: IMAP, ...}}
///
/// A value is a scalar or a list of scalars. A map of scalars stands for options with a dot:
/// `remotepass: {command: pass show mail}` is `remotepass.command`. `folders.rename` is a map, or a
/// list of maps. The tag !python marks an expression. `options` are -k's.
/// Throws config (what is wrong, and in which line).
[[nodiscard]] Config
read_yaml(const std::filesystem::path& path, std::span<const std::string> options = {});

}  // namespace offlineimap::core
