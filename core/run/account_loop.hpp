// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_names.hpp"
#include "program.hpp"
#include "wake_up.hpp"

namespace offlineimap::core {

/// Synchronises one account once, or again and again with a sleep between (`autorefresh`), under
/// its lock and between its hooks, and tells `names` of its folders. What goes wrong is said;
/// nothing is thrown.
void run_account(
    const Program& program, const AccountSettings& account, WakeUp& wake_up, FolderNames& names);

}  // namespace offlineimap::core
