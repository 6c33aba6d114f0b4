// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

namespace offlineimap::maildir {

/// fsync() of all of them with several threads, since a disk does many at once for little more than
/// one. Returns for each 0 or the error number.
[[nodiscard]] std::vector<int> flush_all(std::span<const int> descriptors);

}  // namespace offlineimap::maildir
