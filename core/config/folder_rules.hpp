// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_patterns.hpp"
#include "folder_renames.hpp"
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
    FolderRules();
    /// The rules of a repository's section, or -f's list for the remote side. `script` as in
    /// expressions.hpp; it outlives the rules. Throws config.
    FolderRules(const Config& config, const Section& repository, Side side, Script* script);
    FolderRules(FolderRules&&) noexcept;
    FolderRules& operator=(FolderRules&&) noexcept;
    ~FolderRules();

    /// Whether the folder is synchronised. Throws config where an expression fails.
    bool accepts(const std::string& name) const;
    /// Whether it would be without -f, or -f names it. An expression that fails says no: it is the
    /// affair of a run that looks at all folders.
    bool belongs(const std::string& name) const;
    /// Whether a folder may have another name on the other side.
    bool translates() const noexcept { return nametrans_ || renames_; }
    /// The name on the other side, before separators are exchanged. Throws config, likewise.
    std::string translate(const std::string& name) const;
    /// Names that pass in any case, and are looked for even if the server does not list them.
    const std::vector<std::string>& includes() const noexcept { return includes_; }

    /// Whether the way back is known: names differ by `folders.rename`.
    bool works_both_ways() const noexcept { return renames_.has_value(); }
    /// The folder here that is called `name` on the other side; nullopt: one that is not
    /// synchronised. `as_there` is the same with the other side's separator, as a rule may have
    /// written it. Throws config where no rule leads back to that name.
    std::optional<std::string> origin(const std::string& name, const std::string& as_there) const;

    /// An expression is asked once for each name, until this is called: before each run.
    void forget_answers() const;

private:
    void read_nametrans(const Section& repository, Script* script);
    void read_filter(const Section& repository, Script* script);
    void read_includes(const Config& config, const Section& repository, Script* script);
    std::vector<std::string> origins(const std::string& name, const std::string& as_there) const;
    bool passes_filter(const std::string& name) const;

    struct Answers;
    // At most one of each kind: an expression, or rules.
    std::unique_ptr<Expression> filter_, nametrans_;
    std::optional<FolderPatterns> include_, exclude_;
    std::optional<FolderRenames> renames_;
    std::optional<std::vector<std::string>> only_;
    std::vector<std::string> includes_;
    std::string nametrans_place_;
    bool asks_anew_ = false;   ///< dynamic_folderfilter
    bool knows_only_ = false;  ///< the filter cannot be used
    std::unique_ptr<Answers> answers_;
};

}  // namespace offlineimap::core
