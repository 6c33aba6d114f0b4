// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"

namespace offlineimap::sync {

/// Takes out of the plan what lies outside of its side's window: such a message is neither copied
/// nor removed. Where the other side no longer has it, its record is forgotten, so that it is not
/// taken for deleted when the window grows. Size and time are asked for these messages alone.
void keep_to_windows(SyncContext& context, Plan& plan);

/// The form in which a note keeps a window; empty when there is none.
std::string to_note(const Window& window);
/// Whether there may be messages in `now` that were outside of the noted window.
bool has_grown(const std::string& noted, const Window& now);

}  // namespace offlineimap::sync
