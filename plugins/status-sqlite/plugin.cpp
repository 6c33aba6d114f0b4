// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include "common-status/options.hpp"

namespace {

using namespace offlineimap;

constexpr Component components[] = {
    component<status_sqlite::SqliteStore>(
        "sqlite", "one SQLite file a folder, as offlineimap 6 to 8 keeps it", status::options),
};

}  // namespace

OFFLINEIMAP_PLUGIN(status_sqlite, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
