# SPDX-License-Identifier: Apache-2.0
"""The whole program between servers other than Dovecot and a Maildir: the same story with each.

PROGRAM is the built offlineimap. A server that is not there is skipped; `./dev servers` brings all.
"""
import collections
import imaplib
import os
import re
import tempfile
import unittest

import servers
from account import FLAGS, PLAIN, Account, digest, text
from dovecot import PASSWORD

PROGRAM = os.environ["PROGRAM"]
LISTED = re.compile(rb'\(([^)]*)\) (?:NIL|"(?:\\?.)") (?:"(.*)"|(\S+))$')


class AccountOn(Account):
    def imap(self):
        connection = imaplib.IMAP4("127.0.0.1", self.server.port)
        if connection.state != "AUTH":
            connection.login("joe", PASSWORD)
        return connection

    def append(self, folder, raw, flags=""):
        super().append(folder, raw, flags if self.server.keeps_flags_of_appended else "")
        if flags and not self.server.keeps_flags_of_appended:
            connection = self.imap()
            count = connection.select(f'"{folder}"')[1][0].decode()
            connection.store(count, "+FLAGS", flags)
            connection.logout()

    def names(self, connection):
        for line in connection.list()[1]:
            found = LISTED.match(line)
            if b"\\noselect" not in found[1].lower():
                yield (found[2] or found[3]).decode()

    def remote(self):
        out = {}
        connection = self.imap()
        for name in self.names(connection):
            path = name.replace(self.server.separator, "/")
            out[path] = collections.Counter()
            status, count = connection.select(f'"{name}"', readonly=True)
            if status != "OK" or count == [b"0"]:
                continue
            items = [i for i in connection.fetch("1:*", "(FLAGS BODY.PEEK[])")[1]
                     if i and i != b")"]
            for item in items:
                if not isinstance(item, tuple):
                    continue
                flags = re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].decode().split()
                letters = "".join(sorted(FLAGS[f] for f in flags if f in FLAGS))
                out[path][digest(item[1]), letters] += 1
        connection.logout()
        return out


class ServerTest:
    KIND = None
    SETTINGS = {}
    MAY_SAY = None  # lines that this server's oddities bring about

    def setUp(self):
        if not self.KIND.available():
            self.skipTest(f"{self.KIND.__name__} is not there (./dev servers)")
        directory = tempfile.TemporaryDirectory(prefix="offlineimap-server-")
        self.addCleanup(directory.cleanup)
        os.chmod(directory.name, 0o755)
        self.server = self.KIND(directory.name)
        self.addCleanup(self.server.stop)
        self.server.start()

    def account(self, **settings):
        account = AccountOn(self.server, PROGRAM, **{"remote": PLAIN, **self.SETTINGS, **settings})
        self.addCleanup(account.scratch.cleanup)
        return account

    def assert_synced(self, account, *arguments):
        done = account.sync(*arguments)
        said = [line for line in done.stderr.splitlines()
                if not (self.MAY_SAY and re.search(self.MAY_SAY, line))]
        self.assertEqual((done.returncode, said), (0, []), done.stdout)

    def assert_equal(self, account):
        local = {name: mail for name, mail in account.local().items() if mail}
        remote = {name: mail for name, mail in account.remote().items() if mail}
        self.assertEqual(local, remote)

    def make(self, account, *names):
        connection = account.imap()
        for name in names:
            self.assertEqual(connection.create(f'"{name}"')[0], "OK", name)
        connection.logout()

    def test_two_ways(self):
        server, account = self.server, self.account()
        work, deep = server.name("Work"), server.name("Deep", "Er")
        local_work, local_deep = (n.replace(server.separator, "/") for n in (work, deep))
        self.make(account, work, deep)
        for i in range(8):
            account.append("INBOX", text(f"in {i}"), "(\\Seen)" if i % 2 else "")
        account.append(deep, text("deep"), "(\\Flagged \\Answered)")
        account.append(work, text("eight bit", "größe \xff\x01 end"))
        self.assert_synced(account)
        self.assert_equal(account)
        self.assertEqual(account.local()["INBOX"].total(), 8)

        account.append("INBOX", text("from afar"))
        connection = account.imap()
        connection.select("INBOX")
        connection.store("2", "+FLAGS", "(\\Flagged)")
        connection.store("3", "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()
        account.deliver(local_work, text("from here"), "100.a.host")
        for i in range(5):
            account.deliver("INBOX", text(f"up {i}", "x" * 3000 * i), f"10{i}.a.host")
        made = server.name("Made here").replace(server.separator, "/")
        account.deliver(made, text("new folder"), "120.a.host")
        inbox = [file for file in account.files("INBOX") if ",U=" in file.name]
        account.mark(inbox[0], "RS")
        inbox[-1].unlink()
        inbox[-2].rename(account.box(local_work) / "cur" / inbox[-2].name)
        self.assert_synced(account)
        self.assert_equal(account)
        total = sum(c.total() for c in account.local().values())
        self.assertEqual(total, 16)
        before = account.remote()
        self.assert_synced(account)
        self.assertEqual(account.remote(), before)

    def test_odd_texts(self):
        account = self.account()
        texts = {"bare": b"A: b\r\n\r\n8 bit \x80\xfe\r\n", "no end": b"A: b\r\n\r\nx",
                 "long": b"A: b\r\n\r\n" + b"y" * 300_000 + b"\r\n", "header": b"A: b\r\n\r\n"}
        for name, raw in texts.items():
            account.deliver("INBOX", raw, f"1.{name.replace(' ', '-')}.host")
        self.assert_synced(account)
        local = account.local()["INBOX"]
        self.assert_synced(account)
        self.assertEqual(account.local()["INBOX"], local)
        self.assertEqual(account.remote()["INBOX"].total(), len(texts))


class Courier(ServerTest, unittest.TestCase):
    KIND = servers.Courier


class Cyrus(ServerTest, unittest.TestCase):
    KIND = servers.Cyrus


class Mailutils(ServerTest, unittest.TestCase):
    KIND = servers.Mailutils
    # Its mailboxes get another UIDVALIDITY, the time of day, with a message that is appended.
    MAY_SAY = r"new numbers \(UIDVALIDITY\); \d+ were found again .* none of these is transferred"


class Hoodiecrow(ServerTest, unittest.TestCase):
    KIND = servers.Hoodiecrow


if __name__ == "__main__":
    unittest.main(verbosity=2)
