// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "file_name.hpp"
#include "posix.hpp"

namespace offlineimap::maildir {

/// Removes what a crash of ours left in tmp/ more than 36 hours ago; nobody else's files, since
/// those are their owners' to judge. Failures do no harm and are passed over.
void remove_stale_files(const Descriptor& tmp, const StemMaker& stems);

}  // namespace offlineimap::maildir
