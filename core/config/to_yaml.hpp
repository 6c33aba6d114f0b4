// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace offlineimap::core {

/// The YAML file that says what an rc file says.
struct Converted {
    std::string yaml;
    std::vector<std::string> remarks;  ///< what could not be said by rules, or at all
};

/// The syntax tree of an expression as script-python writes it; nullopt: it cannot be had.
using SyntaxTree =
    std::function<std::optional<std::string>(const Section&, const std::string& option)>;

/// `known` are the names that may stand in a repository's section, by its type.
using KnownNames = std::function<std::vector<std::string>(const Section& repository)>;

[[nodiscard]] Converted
to_yaml(const Config& config, const SyntaxTree& syntax_tree, const KnownNames& known);

}  // namespace offlineimap::core
