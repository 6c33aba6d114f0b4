// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "model.hpp"

namespace offlineimap::core {

/// What a program sees of an rc file's section: its own options and those of [DEFAULT] that it
/// lacks, with %(references)s replaced. A reference that leads nowhere becomes the value's problem.
[[nodiscard]] Section interpolated(const Section& section, const Section& defaults);

}  // namespace offlineimap::core
