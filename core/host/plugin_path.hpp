// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace offlineimap::core {

/// The directories that are searched for plugins, in this order: those of $OFFLINEIMAP_PLUGIN_PATH
/// (separated by colons; not heeded in a set-uid program), those of the setting `plugin-path`, the
/// user's own under ~/.local, those beside the running program (so that a build tree and a moved
/// prefix work). Throws config when one is not absolute: what is loaded must not depend on where
/// the program is started.
[[nodiscard]] std::vector<std::filesystem::path>
plugin_search_path(std::span<const std::filesystem::path> configured);

/// Empty when nobody but the user, root and the owner of this program can change the plugin `file`
/// or put another in its place; else what is wrong.
[[nodiscard]] std::string unsafe_to_load(const std::filesystem::path& file);

}  // namespace offlineimap::core
