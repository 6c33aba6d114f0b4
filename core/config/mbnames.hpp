// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_patterns.hpp"
#include "model.hpp"

#include <offlineimap/script.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace offlineimap::core {

/// How the list of folders is written for mail readers.
struct MbnamesSettings {
    std::filesystem::path filename;
    std::string header, separator, footer;
    std::string per_item;  ///< a format with %(accountname)s, %(foldername)s, %(localfolders)s
    bool incremental = false;
    std::unique_ptr<Expression> folder_filter;  ///< of account and folder; nullptr: all
    std::optional<FolderPatterns> patterns;     ///< the same in YAML, of "account/folder"
    std::unique_ptr<Expression> sort_key;       ///< of an Ordering; nullptr: by account and folder
};

/// nullopt: not wanted. `script` as in expressions.hpp; it outlives the settings. Throws config.
[[nodiscard]] std::optional<MbnamesSettings> mbnames_settings(const Config& config, Script* script);

/// Whether the account's folder is written.
[[nodiscard]] bool
passes(const MbnamesSettings& settings, const std::string& account, const std::string& folder);

/// The account's folder as `per_item` has it. Throws config where the format is wrong.
struct MbnamesItem {
    std::string_view account, folder, local_folders;
};
[[nodiscard]] std::string formatted(std::string_view per_item, const MbnamesItem& item);

}  // namespace offlineimap::core
