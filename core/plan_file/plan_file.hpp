// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/sync/account_plan.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

// What a dry run would have done, as a file for machines and for `--apply`. docs/formats.md has the
// format.

namespace offlineimap::core {

struct PlannedAccount {
    sync::AccountPlan plan;
    std::string settings;  ///< digest of what says where its two sides are
    friend bool operator==(const PlannedAccount&, const PlannedAccount&) = default;
};

struct PlanFile {
    std::vector<PlannedAccount> accounts;

    /// nullptr: there is none of that name.
    [[nodiscard]] const PlannedAccount* find(std::string_view account) const noexcept;
    friend bool operator==(const PlanFile&, const PlanFile&) = default;
};

/// With a line feed at its end.
[[nodiscard]] std::string to_json(const PlanFile& plan);
/// `where` is named in errors. Throws config: malformed, or of a version that is not known.
[[nodiscard]] PlanFile plan_from_json(std::string_view text, const std::string& where);

/// Replaces the file as a whole, readable for its owner alone; "-" is the standard output. Throws
/// io.
void write_plan(const std::filesystem::path& file, const PlanFile& plan);
/// "-" is the standard input. Throws config, io.
[[nodiscard]] PlanFile read_plan(const std::filesystem::path& file);

}  // namespace offlineimap::core
