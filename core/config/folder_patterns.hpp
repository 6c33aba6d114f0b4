// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The folder rules of a YAML file, without a script. Patterns take time in proportion to the name,
// whoever chose it.

namespace re2 {
class RE2;
}

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

    [[nodiscard]] bool matches(std::string_view name) const;

private:
    struct Item;
    std::vector<Item> items_;
};

/// The regular expression for exactly `text`.
[[nodiscard]] std::string quoted_pattern(std::string_view text);

/// Between slashes: a regular expression, what is between them; nullopt: something else.
[[nodiscard]] std::optional<std::string> regular_expression(std::string_view pattern);

/// Throws config, beginning with `place`, where it makes no sense.
[[nodiscard]] std::unique_ptr<re2::RE2>
compiled_pattern(const std::string& expression, std::string_view place);

}  // namespace offlineimap::core
