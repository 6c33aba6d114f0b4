// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>

#include <string>

namespace offlineimap::core {

/// Empty when a plugin with the stamp `theirs` can be used by a program with `ours`; else why not,
/// in words for the user.
[[nodiscard]] std::string abi_mismatch(const AbiStamp& ours, const AbiStamp& theirs);

}  // namespace offlineimap::core
