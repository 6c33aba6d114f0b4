// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_patterns.hpp"
#include "model.hpp"

#include <offlineimap/script.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace offlineimap::core {

enum class Side { local, remote };

/// What the user says about the folders of one repository. Names are the repository's own, with its
/// own separator. Thread-safe.
class FolderRules {
public:
    /// Everything passes, under its own name.
    FolderRules() = default;
    /// The rules of a repository's section, or -f's list for the remote side. `script` as in
    /// expressions.hpp; it outlives the rules. Throws config.
    FolderRules(const Config& config, const Section& repository, Side side, Script* script);

    /// Whether the folder is synchronised. Throws config where an expression fails.
    bool accepts(const std::string& name) const;
    /// The name on the other side, before separators are exchanged. Throws config, likewise.
    std::string translate(const std::string& name) const;
    /// Whether a folder may have another name on the other side.
    bool renames() const noexcept { return renames_ || nametrans_; }
    /// Names that pass in any case, and are looked for even if the server does not list them.
    const std::vector<std::string>& includes() const noexcept { return includes_; }

private:
    void read_filter(const Section& repository, Syntax syntax, Script* script);
    void read_nametrans(const Section& repository, Syntax syntax, Script* script);

    // At most one of each kind: an expression of an rc file, or patterns of a YAML file.
    std::unique_ptr<Expression> filter_, nametrans_;
    std::optional<FolderPatterns> patterns_;
    std::optional<FolderRenames> renames_;
    std::optional<std::vector<std::string>> only_;
    std::vector<std::string> includes_;
    std::string nametrans_place_;
};

}  // namespace offlineimap::core
