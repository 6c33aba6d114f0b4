# SPDX-License-Identifier: Apache-2.0
"""What the tests of the whole program begin with: throw-away servers and accounts. PROGRAM is the
built offlineimap."""
import os
import tempfile
import unittest

from account import Account, text
from dovecot import Dovecot

PROGRAM = os.environ["PROGRAM"]


class ServerTest(unittest.TestCase):
    def serve(self, **settings):
        """A server that is gone after the test."""
        directory = tempfile.TemporaryDirectory(prefix="offlineimap-server-")
        self.addCleanup(directory.cleanup)
        server = Dovecot(directory.name, **settings)
        self.addCleanup(server.kill)
        return server.start()

    @classmethod
    def shared_server(cls):
        """One for all tests of the class that ask for it, without any mail."""
        if "server" not in cls.__dict__:
            directory = tempfile.TemporaryDirectory(prefix="offlineimap-server-")
            cls.addClassCleanup(directory.cleanup)
            cls.server = Dovecot(directory.name)
            cls.addClassCleanup(cls.server.kill)
            cls.server.start()
        cls.server.forget_mail()
        return cls.server

    def account(self, server, **settings):
        account = Account(server, PROGRAM, **settings)
        self.addCleanup(account.scratch.cleanup)
        return account


class ProgramTest(ServerTest):
    def assert_synced(self, account, *arguments, code=0):
        done = account.sync(*arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def assert_equal(self, account):
        self.assertEqual(account.local(), account.remote())

    def fill(self, account):
        connection = account.imap()
        for name in ("Work", "Work/Deep", "Archive"):
            connection.create(name)
        connection.logout()
        for i in range(8):
            account.append("INBOX", text(f"in {i}"), "(\\Seen)" if i % 2 else "")
        account.append("Work/Deep", text("deep"), "(\\Flagged \\Answered)")
        account.append("Archive", text("eight bit", "größe \xff\x01 end"))

    def story(self, server, **settings):
        """Changes on both sides of an account, of every kind, and both sides equal after each run."""
        account = self.account(server, **settings)
        self.fill(account)
        self.assert_synced(account)
        self.assert_equal(account)
        self.assert_synced(account)

        account.append("INBOX", text("from afar"))
        connection = account.imap()
        connection.select("INBOX")
        connection.store("2", "+FLAGS", "(\\Flagged)")
        connection.store("3", "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()
        account.deliver("Archive", text("from here"), "100.a.host")
        account.deliver("Made here", text("new folder"), "101.a.host")
        inbox = account.files("INBOX")
        account.mark(inbox[0], "RS")
        inbox[-1].unlink()
        moved = account.files("INBOX")[1]
        moved.rename(account.box("Work") / "cur" / moved.name)
        self.assert_synced(account)
        self.assert_equal(account)
        self.assertEqual(sum(sum(c.values()) for c in account.local().values()), 11)
        before = account.remote()
        self.assert_synced(account)
        self.assert_synced(account)
        self.assertEqual(account.remote(), before)
        self.assert_equal(account)
        return account
