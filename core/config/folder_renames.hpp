// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::core {

/// The names of folders on the other side, by `folders.rename`. Each mapping is one step; in a step
/// the first pattern that fits decides, steps follow one another. A pattern is a name; a glob,
/// where the n-th `*` of the new name is what the n-th wildcard stood for; or a regular expression
/// between slashes, each match of which is replaced, \1 being what its first group matched. Works
/// both ways: the rule for the way back is computed.
class FolderRenames {
public:
    /// Throws config, beginning with `place`.
    FolderRenames(const Mappings& steps, std::string_view place);
    FolderRenames(FolderRenames&&) noexcept;
    FolderRenames& operator=(FolderRenames&&) noexcept;
    ~FolderRenames();

    [[nodiscard]] std::string renamed(std::string name) const;
    /// The names that become `name`, as far as they can be known: what a rule turned round makes
    /// before what no rule touches, INBOX before all.
    [[nodiscard]] std::vector<std::string> origins(const std::string& name) const;
    /// Patterns of rules that cannot be turned round, because they drop something.
    [[nodiscard]] std::vector<std::string> one_way() const;
    /// New names that two rules of a step give, whatever folders there are.
    [[nodiscard]] std::vector<std::string> ambiguous() const;

private:
    class Rule;
    using Step = std::vector<Rule>;
    static std::string apply(const Step& step, std::string name);
    static std::vector<std::string> origins_in(const Step& step, const std::string& name);

    std::vector<Step> steps_;
};

}  // namespace offlineimap::core
