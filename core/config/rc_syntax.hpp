// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

#include <string_view>
#include <vector>

// The syntax of the original's file: what Python's configparser takes, with all its defaults.

namespace offlineimap::core {

/// Values as written, before %(references)s are replaced.
struct RcFile {
    Section defaults;               ///< [DEFAULT]
    std::vector<Section> sections;  ///< name and title are what stands between the brackets
};

/// `file` is the name for messages. Throws config at the first line that is wrong.
[[nodiscard]] RcFile parse_rc(std::string_view text, std::string_view file);

}  // namespace offlineimap::core
