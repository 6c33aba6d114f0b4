// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace offlineimap::console {

/// Writes all of `bytes`, waits where the descriptor would block. A reader that went away is not
/// the business of who tells it things: what cannot be written is dropped. The core ignores
/// SIGPIPE.
void write_all(int descriptor, std::string_view bytes) noexcept;

}  // namespace offlineimap::console
