// SPDX-License-Identifier: Apache-2.0
#include "option_table.hpp"
#include "repository.hpp"

#include <offlineimap/plugin.hpp>

namespace {

constexpr offlineimap::Component components[] = {
    offlineimap::component<offlineimap::maildir::MaildirRepository>(
        "maildir", "mail in a Maildir, or many below one root", offlineimap::maildir::option_table),
    // The original's name for one whose files bear Gmail's labels.
    offlineimap::component<offlineimap::maildir::MaildirRepository>(
        "gmailmaildir", "the same, beside a Gmail account", offlineimap::maildir::option_table)};

}  // namespace

OFFLINEIMAP_PLUGIN(repo_maildir, OFFLINEIMAP_PLUGIN_VERSION, "Apache-2.0", components)
