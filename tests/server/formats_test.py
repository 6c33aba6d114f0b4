# SPDX-License-Identifier: Apache-2.0
"""Dovecot with its mail in other places than a Maildir, with limits, and with folders of others."""
import os
import subprocess
import unittest

from account import text
from cases import ProgramTest

ON_DISK = {
    "mbox": "mbox:{dir}/mail/%u:INBOX={dir}/mail/%u/inbox:DIRNAME=mail",
    "sdbox": "sdbox:{dir}/mail/%u",
    "mdbox": "mdbox:{dir}/mail/%u",
    "names in an index": "maildir:{dir}/mail/%u:LAYOUT=index",
}

QUOTA = """
protocol imap {
  mail_plugins = quota
}
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=100K
  quota_grace = 0
}
"""

# joe may read what is there, and put nothing into it.
PUBLIC = """
protocol imap {
  mail_plugins = acl imap_acl
}
namespace {
  type = public
  separator = /
  prefix = Public/
  location = maildir:{dir}/public:INDEXPVT={dir}/mail/%u/public
  subscriptions = no
  list = children
}
plugin {
  acl = vfile
}
"""

# Every message of the account a second time, in a folder that takes none.
VIRTUAL = """
protocol imap {
  mail_plugins = virtual
}
namespace {
  prefix = Virtual/
  separator = /
  location = virtual:{dir}/virtual:INDEX=MEMORY
}
"""


class Formats(ProgramTest):
    def test_however_the_server_keeps_its_mail(self):
        for name, location in ON_DISK.items():
            with self.subTest(name):
                self.story(self.serve(location=location))

    def test_a_full_account_takes_the_rest_when_there_is_room(self):
        account = self.account(self.serve(extra=QUOTA))
        account.append("INBOX", text("big", "x" * 60_000))
        self.assert_synced(account)
        for i in range(4):
            account.deliver("INBOX", text(f"up {i}", "y" * 20_000), f"10{i}.a.host")
        done = self.assert_synced(account, code=1)
        self.assertIn("uota", done.stderr)
        self.assertLessEqual(len(done.stderr.splitlines()), 2, done.stderr)
        self.assertEqual(account.local()["INBOX"].total(), 5)
        there = account.remote()["INBOX"].total()
        self.assertGreater(there, 1)
        self.assertLess(there, 5)
        next(f for f in account.files("INBOX") if b"big" in f.read_bytes()).unlink()
        account.sync()  # what is copied comes before what is removed: this one makes the room
        self.assert_synced(account)
        self.assertEqual(account.local()["INBOX"].total(), 4)
        self.assert_equal(account)

    def give_to_server(self, directory):
        if os.geteuid() == 0:
            subprocess.run(["chown", "-R", "nobody:nogroup", str(directory)], check=True)

    def public(self):
        server = self.serve(extra=PUBLIC)
        account = self.account(server)
        news = server.directory / "public" / ".News"
        for part in "cur", "new", "tmp":
            (news / part).mkdir(parents=True)
        for i in range(3):
            (news / "cur" / f"{i}.a.host:2,").write_bytes(text(f"news {i}").replace(b"\r\n", b"\n"))
        (news / "dovecot-acl").write_text("user=joe lr\n")
        self.give_to_server(server.directory / "public")
        self.assert_synced(account)
        return account

    def test_a_folder_of_others_may_be_read(self):
        account = self.public()
        self.assertEqual(account.local()["Public/News"].total(), 3)
        files = account.files("Public/News")
        account.mark(files[0], "F")
        files[1].unlink()
        account.deliver("Public/News", text("mine"), "100.a.host")
        account.deliver("INBOX", text("up"), "101.a.host")
        before = account.local(), account.remote()["Public/News"]
        for _ in range(2):
            done = self.assert_synced(account, code=1)
            self.assertIn("Public/News (repo Remote) cannot be written to", done.stderr)
            self.assertLessEqual(len(done.stderr.splitlines()), 2, done.stderr)
        self.assertEqual((account.local(), account.remote()["Public/News"]), before)
        self.assertEqual(account.remote()["INBOX"].total(), 1)

    def test_a_folder_that_shows_what_is_in_others(self):
        server = self.serve(extra=VIRTUAL)
        all_mail = server.directory / "virtual" / "All"
        all_mail.mkdir(parents=True)
        (all_mail / "dovecot-virtual").write_text("*\n  all\n")
        self.give_to_server(server.directory / "virtual")
        account = self.account(server)
        for i in range(4):
            account.append("INBOX", text(f"in {i}"))
        self.assert_synced(account)
        self.assertEqual(account.local()["Virtual/All"].total(), 4)
        account.mark(account.files("INBOX")[0], "F")
        account.deliver("INBOX", text("up"), "100.a.host")
        account.files("INBOX")[1].unlink()
        for _ in range(3):
            self.assert_synced(account)
        self.assert_equal(account)
        self.assertEqual(account.local()["INBOX"].total(), 4)
        self.assertEqual(account.local()["Virtual/All"], account.local()["INBOX"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
