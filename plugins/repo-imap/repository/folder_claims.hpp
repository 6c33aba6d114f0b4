// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "folder_table.hpp"
#include "protocol/uid_set.hpp"

#include <string>

namespace offlineimap::imap {

// What a server says of a folder, held against what it said before: its word alone is not enough to
// delete a message.

/// Those of `uids` that are lower than `end`.
[[nodiscard]] UidSet below(const UidSet& uids, std::uint64_t end);
/// Whether as many messages are there as must be, if these vanished since the token. Where that
/// does not fit, be it that UIDs were left out, those that are there are to be listed.
[[nodiscard]] bool
may_have_vanished(const FolderToken& since, const MailboxStatus& now, const UidSet& vanished);
/// Whether as many messages are there as must be, if these vanished and so many came, and whether
/// there is a word of any where some must have come. A server that forgot to tell of them would
/// otherwise never be asked for them again.
[[nodiscard]] bool adds_up(
    const FolderToken& since, const MailboxStatus& now, const UidSet& vanished,
    std::uint64_t arrived);
/// Whether messages were found that must be new, and only so many were told of.
[[nodiscard]] bool lacks_arrivals(
    const FolderToken& since, const MailboxStatus& now, const UidSet& found, std::uint64_t arrived);
/// Whether HIGHESTMODSEQ fell, or is there no more: an index that was lost and made anew counts
/// from one again (Dovecot 2.3, 2022), and tells of no change until it has passed what it was.
[[nodiscard]] bool is_older(const MailboxStatus& now, const FolderToken& since) noexcept;
/// Why the UIDs of the token mean nothing any more although UIDVALIDITY is the same; empty = they
/// do. One message would stand for another, and the next deletion meet the wrong one.
[[nodiscard]] std::string void_numbers(const FolderToken& since, const MailboxStatus& now);

}  // namespace offlineimap::imap
