// SPDX-License-Identifier: Apache-2.0
#include "store.hpp"

#include "common-status/options.hpp"

namespace {

using namespace offlineimap;

constexpr Component components[] = {
    component<status_plain::PlainStore>(
        "plain", "one text file a folder, as offlineimap up to 7 keeps it", status::options),
};

}  // namespace

OFFLINEIMAP_PLUGIN(status_plain, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
