// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <offlineimap/script.hpp>

#include <memory>
#include <string>
#include <vector>

namespace offlineimap::core {

/// In which order the folders of a repository are synchronised: the user's `foldersort`.
/// Thread-safe.
class FolderOrder {
public:
    /// `script` as in expressions.hpp; it outlives the order. Throws config.
    FolderOrder(const Section& repository, Syntax syntax, Script* script);

    [[nodiscard]] bool is_set() const noexcept { return ordering_ != nullptr; }
    /// Positions in `names`, which are translated ones. Throws config where the function fails.
    [[nodiscard]] std::vector<std::size_t> order(const std::vector<std::string>& names) const;

private:
    std::unique_ptr<Expression> comparison_;
    Ordering* ordering_ = nullptr;
};

}  // namespace offlineimap::core
