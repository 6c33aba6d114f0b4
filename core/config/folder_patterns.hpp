// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

// The folder rules of a YAML file, without a script. Patterns take time in proportion to the name,
// whoever chose it.

namespace offlineimap::core {

/// Which names are meant. An item is a name, a glob ("Lists/*": `*` any text, `?` any character) or
/// a regular expression between slashes ("/^Lists/"); "!" in front excludes. The last item that
/// matches decides; if none does, a name is meant only where the first item excludes.
class FolderPatterns {
public:
    /// Throws config, beginning with `place`.
    FolderPatterns(const std::vector<std::string>& items, std::string_view place);
    FolderPatterns(FolderPatterns&&) noexcept;
    FolderPatterns& operator=(FolderPatterns&&) noexcept;
    ~FolderPatterns();

    bool matches(std::string_view name) const;

private:
    struct Item;
    std::vector<Item> items_;
};

/// Renames by "s/expression/replacement/", one after the other; \1 is what the first group matched,
/// "g" at the end replaces every match. Any character may stand for the slash.
class FolderRenames {
public:
    /// Throws config, beginning with `place`.
    FolderRenames(const std::vector<std::string>& items, std::string_view place);
    FolderRenames(FolderRenames&&) noexcept;
    FolderRenames& operator=(FolderRenames&&) noexcept;
    ~FolderRenames();

    std::string renamed(std::string name) const;

private:
    struct Item;
    std::vector<Item> items_;
};

}  // namespace offlineimap::core
