// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace offlineimap::core {

/// What the command line changes in what the file says.
struct Overrides {
    std::vector<std::string> options = {};      ///< -k, "[section:]option=value" each
    std::optional<std::string> accounts = {};   ///< -a; empty = not given
    std::optional<std::string> interface = {};  ///< -u
    std::optional<std::vector<std::string>> only_folders = {};  ///< -f
    bool once = false;                                          ///< -o
    bool quick = false;                                         ///< -q
    bool single_thread = false;                                 ///< -1
    bool dry_run = false;
    bool ignore_keyring = false;
    bool update_keyring = false;
};

/// Applies -k. A section is named exactly, or with "_" for its blanks; "general" where none is
/// named. Throws config with the sections there are.
void apply_options(std::span<const std::string> specs, std::span<Section* const> sections);

/// Applies everything else.
void apply(const Overrides& overrides, Config& config);

}  // namespace offlineimap::core
