# SPDX-License-Identifier: Apache-2.0
"""Keywords in a Maildir as Dovecot keeps them: it reads what we wrote, and we what it wrote."""
import os
import re
import subprocess
import unittest

from account import text
from cases import ProgramTest

MANY = [f"Word{i:02}" for i in range(40)]


class Keywords(ProgramTest):
    def synced(self, messages):
        """messages: the keywords of each."""
        account = self.account(self.serve(), local="dovecot-keywords = yes")
        for i, keywords in enumerate(messages):
            account.append("INBOX", text(f"m {i}"), f"({' '.join(keywords)})")
        self.assert_synced(account)
        return account

    def reader(self, account):
        """A Dovecot whose mail is our Maildir."""
        inbox = account.box("INBOX")
        if os.geteuid() == 0:
            for folder in (account.directory, account.mail):
                folder.chmod(0o755)
            subprocess.run(["chown", "-R", "nobody", str(account.mail)], check=True)
        return self.serve(location=f"maildir:{account.mail}:LAYOUT=fs:INBOX={inbox}")

    def own_again(self, account):
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "root", str(account.mail)], check=True)

    def flags(self, connection):
        """{subject: keywords}"""
        connection.select("INBOX")
        out = {}
        for item in connection.fetch("1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]:
            if isinstance(item, tuple):
                flags = re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].decode().split()
                subject = item[1].decode().split(":", 1)[1].strip()
                out[subject] = {f for f in flags if not f.startswith("\\")}
        return out

    def seen_by(self, account, server):
        own, account.server = account.server, server
        connection = account.imap()
        account.server = own
        return connection

    def test_dovecot_shows_what_we_wrote(self):
        messages = [["$label1", "Work"], ["Work"], [], ["$Forwarded", "NonJunk"]]
        account = self.synced(messages)
        connection = self.seen_by(account, self.reader(account))
        wanted = {f"m {i}": set(words) for i, words in enumerate(messages)}
        self.assertEqual(self.flags(connection), wanted)
        connection.logout()

    def test_we_read_what_dovecot_wrote(self):
        account = self.synced([["Work"], [], ["$label1"]])
        connection = self.seen_by(account, self.reader(account))
        connection.select("INBOX")
        connection.store("2", "+FLAGS", "(Later Work)")
        connection.store("3", "-FLAGS", "($label1)")
        connection.append("INBOX", "(Sent)", None, text("m 3"))
        connection.append("INBOX", "($Forwarded)", None, text("m 4"))
        connection.logout()
        self.own_again(account)
        self.assert_synced(account)
        server = account.imap()
        self.assertEqual(self.flags(server), {
            "m 0": {"Work"}, "m 1": {"Later", "Work"}, "m 2": set(), "m 3": {"Sent"},
            "m 4": {"$Forwarded"}})
        server.logout()
        before = sorted(file.name for file in account.files("INBOX"))
        self.assert_synced(account)
        self.assertEqual(sorted(file.name for file in account.files("INBOX")), before)

    def test_more_than_26_lose_nothing_on_the_server(self):
        """Dovecot itself keeps the others outside of the Maildir alone."""
        account = self.synced([[word] for word in MANY])
        server = account.imap()
        wanted = {f"m {i}": {word} for i, word in enumerate(MANY)}
        self.assertEqual(self.flags(server), wanted)
        listed = (account.box("INBOX") / "dovecot-keywords").read_text().splitlines()
        self.assertEqual(len(listed), 26)
        self.assertEqual(len(account.files("INBOX")), len(MANY))
        for file in account.files("INBOX"):
            account.mark(file, file.name.split(":2,")[1] + "S")
        self.assert_synced(account)
        self.assertEqual(self.flags(server), wanted)
        server.logout()


if __name__ == "__main__":
    unittest.main(verbosity=2)
