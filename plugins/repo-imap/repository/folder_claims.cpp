// SPDX-License-Identifier: Apache-2.0
#include "folder_claims.hpp"

#include <algorithm>

namespace offlineimap::imap {

UidSet below(const UidSet& uids, std::uint64_t end)
{
    UidSet set;
    for (const auto range : uids.ranges())
        if (range.first < end)
            set.add({range.first, static_cast<Uid>(std::min<std::uint64_t>(range.last, end - 1))});
    return set;
}

bool may_have_vanished(const FolderToken& since, const MailboxStatus& now, const UidSet& vanished)
{
    if (!now.messages || !now.uid_next || *now.uid_next < since.uid_next) return false;
    const auto gone = below(vanished, since.uid_next).size();
    const auto new_and_gone = vanished.size() - gone;
    const auto arrived = *now.uid_next - since.uid_next - new_and_gone;
    return since.messages + arrived == *now.messages + gone;
}

bool adds_up(
    const FolderToken& since, const MailboxStatus& now, const UidSet& vanished,
    std::uint64_t arrived)
{
    if (!now.messages || !now.uid_next) return true;
    const bool is_silent = arrived == 0 && vanished.empty();
    if (is_silent && *now.uid_next > since.uid_next) return false;
    const auto gone = below(vanished, since.uid_next).size();
    return since.messages + arrived == *now.messages + gone;
}

bool lacks_arrivals(
    const FolderToken& since, const MailboxStatus& now, const UidSet& found, std::uint64_t arrived)
{
    const auto end = now.uid_next.value_or(0);
    return end > since.uid_next
        && below(found, end).size() - below(found, since.uid_next).size() > arrived;
}

bool is_older(const MailboxStatus& now, const FolderToken& since) noexcept
{
    return now.highest_mod_seq.value_or(0) < since.highest_mod_seq;
}

std::string void_numbers(const FolderToken& since, const MailboxStatus& now)
{
    MailboxStatus then;
    then.mailbox_id = since.mailbox_id;
    if (is_another_folder(then, now))
        return "there is another folder under this name now (MAILBOXID), although UIDVALIDITY is "
               "the same";
    // RFC 3501 section 2.3.1.1: it never falls.
    if (now.uid_next && *now.uid_next < since.uid_next)
        return "messages have new numbers (UIDNEXT was " + std::to_string(since.uid_next)
            + " and is " + std::to_string(*now.uid_next) + "), although UIDVALIDITY is the same";
    return {};
}

}  // namespace offlineimap::imap
