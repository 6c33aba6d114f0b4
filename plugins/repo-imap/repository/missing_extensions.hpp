// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "session/capability_set.hpp"

namespace offlineimap::imap {

/// For a person: what this server does not offer and what is done in its place. What a repository
/// as such may lack, its Capabilities tell.
[[nodiscard]] std::vector<std::string> missing_extensions(const CapabilitySet& capabilities);

}  // namespace offlineimap::imap
