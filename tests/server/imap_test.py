# SPDX-License-Identifier: Apache-2.0
"""Two IMAP accounts kept equal, and the original's UIDMapping files."""
import collections
import imaplib
import re
import shutil
import unittest

from account import text
from dovecot import PASSWORD
from cases import ProgramTest
from account import digest

RC = """[general]
accounts = Test
metadata = {dir}/metadata
ui = {ui}
[Account Test]
localrepository = Local
remoterepository = Remote
[Repository Local]
type = IMAP
remotehost = 127.0.0.1
remoteport = {port}
remoteuser = ann
remotepass = {password}
ssl = no
starttls = no
{local}
[Repository Remote]
type = IMAP
remotehost = 127.0.0.1
remoteport = {port}
remoteuser = joe
remotepass = {password}
ssl = no
starttls = no
{remote}
"""


class TwoAccounts(ProgramTest):
    maxDiff = None

    def start(self, ui="quiet", local="", remote="", **settings):
        self.server = self.serve(users=("joe", "ann"), **settings)
        self.account_ = self.account(self.server)
        self.account_.rc.write_text(RC.format(
            dir=self.account_.directory, ui=ui, port=self.server.port, password=PASSWORD,
            local=local, remote=remote))
        return self.account_

    def imap(self, user):
        connection = imaplib.IMAP4("127.0.0.1", self.server.port)
        connection.login(user, PASSWORD)
        return connection

    def mail(self, user):
        """{folder: {uid: (digest, flags and keywords, date)}}"""
        out = {}
        connection = self.imap(user)
        for line in connection.list()[1]:
            name = re.search(rb'"[/.]" (.*)$', line)[1].strip(b'"').decode()
            out[name] = {}
            if connection.select(f'"{name}"', readonly=True)[1] == [b"0"]:
                continue
            for item in connection.fetch("1:*", "(UID FLAGS INTERNALDATE BODY.PEEK[])")[1]:
                if isinstance(item, tuple):
                    head = item[0].decode()
                    flags = set(re.search(r"FLAGS \(([^)]*)\)", head)[1].split()) - {"\\Recent"}
                    out[name][int(re.search(r"UID (\d+)", head)[1])] = (
                        digest(item[1]), tuple(sorted(flags)),
                        re.search(r'INTERNALDATE "([^"]*)"', head)[1])
        connection.logout()
        return out

    def assert_same(self):
        sides = [{name: collections.Counter(mail.values()) for name, mail in self.mail(user).items()}
                 for user in ("ann", "joe")]
        self.assertEqual(*sides)
        return sides[0]

    def assert_mapped(self):
        """Each line of each file names the same message on both sides, and none is missing."""
        local, remote = self.mail("ann"), self.mail("joe")
        for folder, mail in local.items():
            file = (self.account_.directory / "metadata/Repository-Local/UIDMapping"
                    / folder.replace("/", "."))
            lines = file.read_text().splitlines() if file.exists() else []
            pairs = [tuple(map(int, line.split(":"))) for line in lines]
            self.assertEqual(sorted(left for left, _ in pairs), sorted(mail), folder)
            for left, right in pairs:
                self.assertEqual(mail[left][0], remote[folder][right][0])

    def fill(self):
        connection = self.imap("joe")
        for name in ("Work", "Work/Deep", "Archive"):
            connection.create(name)
        for i in range(12):
            connection.append("INBOX", "(\\Seen $label1)" if i % 2 else "",
                              f'"{i + 10}-Jan-2020 10:{i:02}:00 +0130"', text(f"in {i}"))
        connection.append("Work/Deep", "(\\Flagged)", None, text("deep"))
        connection.logout()
        connection = self.imap("ann")
        # So that the two number their messages differently.
        for i in range(3):
            connection.append("INBOX", "", None, text(f"gone {i}"))
        connection.select("INBOX")
        connection.store("1:3", "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.append("INBOX", "(Mine)", '"05-Feb-2021 12:00:00 -0330"', text("from ann"))
        connection.logout()

    def change(self, user, name):
        """Something of everything."""
        connection = self.imap(user)
        connection.append("INBOX", "(\\Answered)", None, text(f"{name} new"))
        connection.select("INBOX")
        connection.store("1", "+FLAGS", f"(\\Flagged {name})")
        connection.store("2", "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.uid("MOVE", connection.uid("SEARCH", "ALL")[1][0].split()[2].decode(), "Archive")
        connection.logout()


class TwoServers(TwoAccounts):
    def test_keep_messages_keywords_dates_and_the_map_equal(self):
        account = self.start()
        self.fill()
        self.assert_synced(account)
        self.assertEqual(self.assert_same()["INBOX"].total(), 13)
        self.assert_mapped()
        self.change("joe", "there")
        self.change("ann", "here")
        self.assert_synced(account)
        same = self.assert_same()
        self.assertEqual(sum(mail.total() for mail in same.values()), 14 + 2 - 2)
        self.assertEqual(same["Archive"].total(), 2)
        self.assert_mapped()
        log = account.directory / "log"
        self.assert_synced(account, "-l", str(log))
        self.assertIn("nothing to do", log.read_text())

    def test_without_uidplus_and_move(self):
        account = self.start(hide=["UIDPLUS", "MOVE", "QRESYNC", "CONDSTORE", "LIST-STATUS"])
        self.fill()
        self.assert_synced(account)
        self.assertEqual(self.assert_same()["INBOX"].total(), 13)
        self.assert_mapped()

    def test_a_lost_map_is_made_again_from_the_content(self):
        account = self.start()
        self.fill()
        self.assert_synced(account)
        shutil.rmtree(account.directory / "metadata/Repository-Local/UIDMapping")
        connection = self.imap("joe")
        connection.append("INBOX", "", None, text("one more"))
        connection.append("Work/Deep", "", None, text("one more"))
        connection.logout()
        self.assert_synced(account)
        same = self.assert_same()
        self.assertEqual((same["INBOX"].total(), same["Work/Deep"].total()), (14, 2))
        self.assert_mapped()

    def test_a_broken_map_stops_its_folder_alone(self):
        account = self.start()
        self.fill()
        self.assert_synced(account)
        file = account.directory / "metadata/Repository-Local/UIDMapping/INBOX"
        file.write_text(file.read_text() + "12:\n")
        connection = self.imap("joe")
        connection.append("INBOX", "", None, text("one more"))
        connection.append("Work/Deep", "", None, text("one more"))
        connection.logout()
        done = self.assert_synced(account, code=1)
        self.assertIn("is not LOCALUID:REMOTEUID", done.stderr)
        local = self.mail("ann")
        self.assertEqual((len(local["INBOX"]), len(local["Work/Deep"])), (13, 2))


@unittest.skipUnless(shutil.which("offlineimap", path="/usr/bin"), "offlineimap3 is not installed")
class TakeOverMap(TwoAccounts):
    def original(self):
        done = self.account_.sync(program="/usr/bin/offlineimap")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_the_map_is_taken_over_and_given_back(self):
        account = self.start()
        self.fill()
        self.original()
        self.assert_mapped()
        before = self.mail("ann"), self.mail("joe")

        self.assert_synced(account)  # INTERNALDATE and keywords apart, all is equal
        self.assertEqual([len(m["INBOX"]) for m in (self.mail("ann"), self.mail("joe"))], [13, 13])
        self.assertEqual([{f: set(m) for f, m in side.items()} for side in before],
                         [{f: set(m) for f, m in self.mail(u).items()} for u in ("ann", "joe")])
        self.assert_mapped()

        for who in ("ours", "theirs", "ours", "theirs"):
            self.change("joe", "there")
            self.change("ann", "here")
            if who == "ours":
                self.assert_synced(account)
            else:
                self.original()
            counts = [{f: collections.Counter(d for d, *_ in m.values()) for f, m in
                       self.mail(user).items()} for user in ("ann", "joe")]
            self.assertEqual(*counts, who)
            for mail in counts[0].values():
                self.assertLessEqual(set(mail.values()), {1, 2, 3, 4})
            self.assert_mapped()


if __name__ == "__main__":
    unittest.main(verbosity=2)
