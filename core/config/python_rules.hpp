// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The usual Python of folder options, said with the rules of a YAML file. Each takes the syntax
// tree of a function of one name, as script-python's SyntaxReader writes it; nullopt: it says more
// than rules can.

namespace offlineimap::core {

struct FilterRules {
    std::vector<std::string> include, exclude;  ///< as folders.include and folders.exclude
};

[[nodiscard]] std::optional<FilterRules> filter_rules(std::string_view syntax_tree);
[[nodiscard]] std::optional<Mappings> rename_rules(std::string_view syntax_tree);

}  // namespace offlineimap::core
