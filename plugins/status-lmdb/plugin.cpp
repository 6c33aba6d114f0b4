// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

namespace {

using namespace offlineimap;

constexpr Option options[] = {
    {"fsync", OptionType::flag, "yes", "wait until the disk has what was written"},
};

constexpr Component components[] = {
    component<status_lmdb::LmdbStore>(
        "lmdb", "one LMDB environment an account; the original cannot read it", options),
};

}  // namespace

OFFLINEIMAP_PLUGIN(status_lmdb, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
