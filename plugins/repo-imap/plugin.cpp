// SPDX-License-Identifier: Apache-2.0
#include "repository/options.hpp"
#include "repository/repository.hpp"

namespace {

using offlineimap::component;
using offlineimap::imap::ImapRepository;

constexpr offlineimap::Component components[] = {
    component<ImapRepository>("imap", "an IMAP account", offlineimap::imap::imap_options),
    component<ImapRepository>("gmail", "a Gmail account", offlineimap::imap::gmail_options.list),
};

}  // namespace

OFFLINEIMAP_PLUGIN(repo_imap, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
