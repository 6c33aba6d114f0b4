// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database.hpp"

namespace offlineimap::status_sqlite {

/// What a folder's file was found to hold.
struct Layout {
    bool original = false;  ///< the original's tables
    bool extra = false;     ///< our table beside `status`
    bool opaque = false;    ///< our table for ids that are no numbers
    bool upgraded = false;  ///< it was of version 1 until now
};

/// Looks at the file and brings version 1 up to version 2. A file without tables, as a crash at the
/// first use leaves it, holds nothing and is fine. Throws corrupt for a version that is not known
/// and for tables that are not the original's.
[[nodiscard]] Layout recognise(Database& database);

/// Each within the caller's transaction.
void create_original(Database& database);
void create_extra(Database& database);
void create_opaque(Database& database);

}  // namespace offlineimap::status_sqlite
