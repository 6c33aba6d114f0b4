// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::core {

/// What `list()` found out about one plugin file.
struct PluginListing {
    std::filesystem::path file;      ///< empty if it is linked into the program
    const Plugin* plugin = nullptr;  ///< constant data, for the life of the process; or else:
    std::string refusal;             ///< why it cannot be used
};

/// Finds and loads plugins. A library is loaded once and stays for the life of the process:
/// exceptions, deleters and thread_local destructors of a plugin may run later than any owner that
/// could be counted. Thread-safe.
class PluginLoader {
public:
    explicit PluginLoader(std::vector<std::filesystem::path> search_path);

    /// The component `type` of `kind`, from a plugin that is linked into the program, else from
    /// "<kind>-<type>.so", the first on the path. Throws Error{config} that says what was tried and
    /// why it was refused. The reference is valid for the life of the process.
    [[nodiscard]] const Component& find(Kind kind, std::string_view type) const;
    /// The library `file`, wherever it lies. Throws Error{config}.
    [[nodiscard]] static const Plugin& load(const std::filesystem::path& file);
    /// Every plugin on the path, in the path's order; of files of the same name the first alone,
    /// and a library with several names once.
    [[nodiscard]] std::vector<PluginListing> list() const;

private:
    std::vector<std::filesystem::path> search_path_;
};

/// "repo", "status", "ui" or "script": what the file name of such a plugin begins with.
[[nodiscard]] std::string_view file_prefix(Kind kind);

}  // namespace offlineimap::core
