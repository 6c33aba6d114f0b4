// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>
#include <offlineimap/status.hpp>

namespace offlineimap::core {

/// Makes the records of `to` those of `from`, in batches: what a crash leaves is to be copied
/// again.
void copy_records(StatusFolder& from, StatusFolder& to, const Cancel& cancel);

/// Whether the note stands for "as these records are, nothing has changed since".
[[nodiscard]] bool is_token(const Note& note);

/// So that the folder is listed as a whole the next time.
void drop_tokens(StatusStore& store, std::string_view folder);
void drop_all_notes(StatusStore& store);

}  // namespace offlineimap::core
