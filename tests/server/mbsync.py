# SPDX-License-Identifier: Apache-2.0
"""mbsync as a rival: its configuration for one account on one Maildir."""
from dovecot import PASSWORD

_CONFIGURATION = """FSync yes
IMAPAccount a
Host 127.0.0.1
Port {port}
User {user}
Pass {password}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account a

MaildirStore near
Path {dir}/mail/
Inbox {dir}/mail/INBOX
SubFolders Verbatim

Channel c
Far :far:
Near :near:
Patterns *
Create Both
Remove {remove}
Expunge Both
SyncState *
"""


def configuration(port, user, directory, remove="Both"):
    """`remove`: whether a folder that one side lost goes from the other: None, Near, Far, Both."""
    return _CONFIGURATION.format(port=port, user=user, password=PASSWORD, dir=directory,
                                 remove=remove)
