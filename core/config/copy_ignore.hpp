// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <offlineimap/script.hpp>

#include <functional>
#include <string>
#include <vector>

namespace offlineimap::core {

/// The ids of messages that are not copied out of a folder, by its own name. Throws config.
using CopyIgnore = std::function<std::vector<std::string>(const std::string& folder)>;

/// What `copy_ignore_eval` of a repository says; nothing where it is not set. `script` as in
/// expressions.hpp; the section and it outlive the answer. Throws config.
[[nodiscard]] CopyIgnore copy_ignore(const Section& repository, Syntax syntax, Script* script);

}  // namespace offlineimap::core
