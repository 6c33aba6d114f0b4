# SPDX-License-Identifier: Apache-2.0
"""What must not be lost, between a real Dovecot and a Maildir: trash, windows, new UIDVALIDITY, and the
commands that messages tell people to type."""
import imaplib
import os
import re
import subprocess
import time
import unittest

from account import text
from cases import PROGRAM, ProgramTest
from dovecot import PASSWORD

DAY = 24 * 3600


class TrashFolder(ProgramTest):
    def story(self, hide):
        account = self.account(self.serve(hide=hide), remote="ssl = no\nstarttls = no\ntrash = Bin",
                               account="")
        self.fill(account)
        self.assert_synced(account)
        gone = account.files("INBOX")[:2]
        texts = {file.read_bytes().replace(b"\n", b"\r\n") for file in gone}
        for file in gone:
            file.unlink()
        self.assert_synced(account)
        connection = account.imap()
        self.assertEqual(connection.select("Bin", readonly=True)[1], [b"2"])
        kept = {item[1] for item in connection.fetch("1:*", "(BODY.PEEK[])")[1]
                if isinstance(item, tuple)}
        connection.logout()
        self.assertEqual(kept, texts)
        self.assertEqual(account.remote()["INBOX"].total(), 6)
        self.assert_synced(account)
        self.assert_equal(account)
        self.assertEqual(account.remote()["Bin"].total(), 2)

    def test_takes_what_is_removed(self):
        self.story([])

    def test_takes_it_where_the_server_has_no_move(self):
        self.story(["MOVE"])

    def test_takes_it_where_the_server_has_neither_move_nor_uidplus(self):
        self.story(["MOVE", "UIDPLUS"])


class AgeAndSize(ProgramTest):
    def append(self, account, subject, age):
        connection = account.imap()
        when = imaplib.Time2Internaldate(time.time() - age * DAY)
        connection.append("INBOX", "", when, text(subject, "x" * 100))
        connection.logout()

    def test_bring_older_messages_when_they_grow_and_delete_nothing(self):
        account = self.account(self.serve(), account="maxage = 10")
        for subject, age in (("young", 2), ("old", 20), ("ancient", 400)):
            self.append(account, subject, age)
        self.assert_synced(account)
        self.assertEqual(account.local()["INBOX"].total(), 1)
        self.assert_synced(account)
        account.configure(account="maxage = 30")
        self.assert_synced(account)
        self.assertEqual(account.local()["INBOX"].total(), 2)
        account.configure(account="maxage = 5")
        self.assert_synced(account)
        old = next(f for f in account.files("INBOX") if b"Subject: old" in f.read_bytes())
        old.unlink()  # cleared away, not deleted
        self.assert_synced(account)
        self.assertEqual(account.remote()["INBOX"].total(), 3)
        account.configure(account="")
        self.assert_synced(account)
        self.assert_equal(account)
        self.assertEqual(account.local()["INBOX"].total(), 3)

    def test_of_sizes_bring_the_large_messages_when_they_grow(self):
        account = self.account(self.serve(), account="maxsize = 2000")
        account.append("INBOX", text("large", "x" * 5000))
        account.append("INBOX", text("small"))
        self.assert_synced(account)
        self.assert_synced(account)
        self.assertEqual(account.local()["INBOX"].total(), 1)
        account.configure(account="maxsize = 9000")
        self.assert_synced(account)
        self.assert_equal(account)
        self.assertEqual(account.local()["INBOX"].total(), 2)


class Validity(ProgramTest):
    def settled(self):
        account = self.account(self.serve())
        self.fill(account)
        self.assert_synced(account)
        self.assert_synced(account)
        self.before = account.remote()
        return account

    def make_again(self, account, change=lambda texts: texts):
        """Work/Deep is removed and made anew, with its messages in another order."""
        connection = account.imap()
        connection.select("Work/Deep", readonly=True)
        texts = [item[1] for item in connection.fetch("1:*", "(BODY.PEEK[])")[1]
                 if isinstance(item, tuple)]
        connection.close()
        connection.delete("Work/Deep")
        time.sleep(1.1)  # Dovecot takes the time for UIDVALIDITY
        connection.create("Work/Deep")
        for raw in reversed(change(texts)):
            connection.append("Work/Deep", "(\\Flagged \\Answered)", None, raw)
        connection.logout()

    def many(self, account):
        for i in range(6):
            account.append("Work/Deep", text(f"many {i}", f"body {i}"), "(\\Flagged \\Answered)")
        self.assert_synced(account)
        self.assert_synced(account)
        self.before = account.remote()

    def test_the_same_messages_are_known_again_without_a_transfer(self):
        account = self.settled()
        self.many(account)
        local = account.local()
        self.make_again(account)
        done = self.assert_synced(account, "-u", "basic", "-d", "imap")
        self.assertIn("were found again by their content", done.stdout + done.stderr)
        self.assertNotRegex(done.stdout + done.stderr, r"Copy message|Deleting|Copy \d+ messages")
        self.assertNotRegex(done.stdout + done.stderr, r"\d APPEND|UID EXPUNGE|UID MOVE|UID COPY")
        self.assertEqual((account.local(), account.remote()), (local, self.before))
        again = self.assert_synced(account, "-u", "basic")
        self.assertIn("nothing to do", again.stdout)

    def test_another_number_for_the_same_folder_is_no_loss(self):
        account = self.settled()
        local = account.local()
        lists = list((account.server.directory / "mail/joe/.Work.Deep").glob("dovecot-uidlist"))
        self.assertEqual(len(lists), 1)
        account.server.stop()
        head, rest = lists[0].read_text().split("\n", 1)
        lists[0].write_text(re.sub(r"V\d+", "V1234567", head) + "\n" + rest)
        for index in lists[0].parent.glob("dovecot.index*"):
            index.unlink()
        account.server.start_again()
        done = self.assert_synced(account, "-u", "basic")
        self.assertIn("new numbers (UIDVALIDITY)", done.stdout + done.stderr)
        self.assertEqual((account.local(), account.remote()), (local, self.before))

    def test_other_messages_under_the_same_name_are_left_alone(self):
        account = self.settled()
        self.many(account)
        local = account.local()
        self.make_again(account, lambda texts: [t.replace(b"many", b"other") for t in texts])
        remote = account.remote()
        done = self.assert_synced(account, code=2)
        self.assertIn("UID validity problem for folder Work/Deep", done.stderr)
        self.assertIn("Nothing was changed there", done.stderr)
        self.assertIn(f"offlineimap repair -c {account.rc}", done.stderr)
        self.assertEqual((account.local(), account.remote()), (local, remote))
        self.assert_synced(account, code=2)
        self.assertEqual((account.local(), account.remote()), (local, remote))

    def test_an_empty_folder_in_its_place_deletes_nothing(self):
        account = self.settled()
        self.many(account)
        local = account.local()
        self.make_again(account, lambda texts: [])
        self.assert_synced(account, code=2)
        self.assertEqual(account.local(), local)


class Budget(ProgramTest):
    def test_of_zero_percent_lets_nothing_go(self):
        account = self.account(self.serve(), account="max_deletes = 0%%")
        self.fill(account)
        self.assert_synced(account)
        account.files("INBOX")[0].unlink()
        done = self.assert_synced(account, "-u", "basic", code=6)
        self.assertIn("1 of 8 messages would be deleted", done.stdout + done.stderr)
        self.assertIn("nothing done", done.stdout)
        self.assertEqual(account.remote()["INBOX"].total(), 8)
        rehearsed = self.assert_synced(
            account, "-u", "basic", "--dry-run", "-k", "Account Test:max_deletes=5%%")
        self.assertIn("[DRYRUN] Delete message", rehearsed.stdout)
        self.assertNotIn("nothing to do", rehearsed.stdout)


class PrintedCommands(ProgramTest):
    def in_shell(self, account, command):
        """As a person would who has the program in the PATH and copies the line."""
        directory = account.directory / "bin"
        directory.mkdir(exist_ok=True)
        link = directory / "offlineimap"
        link.unlink(missing_ok=True)
        link.symlink_to(PROGRAM)
        return subprocess.run(["sh", "-c", command], cwd="/", stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=120,
                              env={**os.environ, "PATH": f"{directory}:{os.environ['PATH']}"})

    def awkward(self):
        account = self.account(self.serve())
        there = account.directory / "it's my $HOME"
        there.mkdir()
        rc = account.rc.read_text().replace("accounts = Test", "accounts = Bob's mail") \
            .replace("[Account Test]", "[Account Bob's mail]")
        account.rc = there / "rc file"
        account.rc.write_text(rc)
        return account

    def test_approve_deletions_that_the_guard_stopped(self):
        account = self.awkward()
        for i in range(25):
            account.append("INBOX", text(f"m {i}"))
        account.append("Trash", text("t"))
        self.assert_synced(account)
        for file in account.files("INBOX"):
            file.unlink()
        done = self.assert_synced(account, code=6)
        self.assertEqual(account.remote()["INBOX"].total(), 25)
        command = re.search(r"this approves them once: (offlineimap .*)", done.stderr)[1]
        approved = self.in_shell(account, command)
        self.assertEqual(approved.returncode, 0, approved.stdout + approved.stderr)
        self.assertEqual(account.remote()["INBOX"].total(), 0)

    def emptied(self):
        """An account in which INBOX and Work have lost all their messages on the left."""
        account = self.awkward()
        connection = account.imap()
        connection.create("Work")
        for folder in ("INBOX", "Work"):
            for i in range(25):
                connection.append(folder, "", None, text(f"{folder} {i}"))
        connection.logout()
        self.assert_synced(account)
        for file in account.files("INBOX") + account.files("Work"):
            file.unlink()
        return account

    def test_repeat_what_was_typed_and_show_no_secret(self):
        account = self.emptied()
        done = self.assert_synced(
            account, "-f", "INBOX", "-k", "Account Bob's mail:max_deletes=3", "-k",
            f"Repository Remote:remotepass={PASSWORD}", code=6)
        command = re.search(r"this approves them once: (offlineimap .*)", done.stderr)[1]
        self.assertNotIn(PASSWORD, command)
        approved = self.in_shell(account, command)
        self.assertEqual(approved.returncode, 0, approved.stdout + approved.stderr)
        self.assertEqual({name: account.remote()[name].total() for name in ("INBOX", "Work")},
                         {"INBOX": 0, "Work": 25})

    def test_approve_the_deletions_of_a_plan(self):
        account = self.emptied()
        plan = account.directory / "the plan"
        self.assert_synced(account, "--plan-json", str(plan), code=6)
        account.append("Work", text("news"))
        done = self.assert_synced(account, "--apply", str(plan), code=6)
        command = re.search(r"this approves them once: (offlineimap .*)", done.stderr)[1]
        approved = self.in_shell(account, command)
        self.assertEqual(approved.returncode, 0, approved.stdout + approved.stderr)
        self.assertEqual({name: account.remote()[name].total() for name in ("INBOX", "Work")},
                         {"INBOX": 0, "Work": 1})
        self.assertEqual(account.local()["Work"].total(), 0, "the news are not in the plan")

    def test_mend_state_that_cannot_be_read(self):
        account = self.awkward()
        self.fill(account)
        self.assert_synced(account)
        notes = account.directory / "metadata/Account-Bob's mail/LocalStatus-notes.sqlite"
        notes.write_bytes(b"x" * 5000)
        done = self.assert_synced(account, code=1)
        command = re.search(r"To mend it, run: (offlineimap .*)", done.stderr)[1]
        mended = self.in_shell(account, command)
        self.assertEqual(mended.returncode, 0, mended.stdout + mended.stderr)
        self.assert_synced(account)
        self.assert_equal(account)


class BrokenStores(ProgramTest):
    """Every kind of damage to each store is told with a command that mends it."""

    def settled(self, store):
        account = self.account(self.serve(), account=f"status_backend = {store}")
        self.fill(account)
        self.assert_synced(account)
        self.assert_synced(account)
        return account

    def damage(self, store, pattern, spoil, code=1):
        account = self.settled(store)
        top = account.directory / "metadata/Account-Test"
        files = [p for p in top.rglob(pattern) if p.is_file()]
        self.assertTrue(files, sorted(map(str, top.rglob("*"))))
        for file in files:
            spoil(file)
        account.append("INBOX", text("news"))  # so that the folder is looked at
        before = account.local(), account.remote()
        done = self.assert_synced(account, code=code)
        self.assertEqual((account.local(), account.remote()), before)
        self.assertTrue(any(str(file) in done.stderr for file in files), done.stderr)
        command = re.search(r"To mend it, run: offlineimap (.*)", done.stderr)
        self.assertIsNotNone(command, done.stderr)
        mended = subprocess.run(["sh", "-c", f"'{PROGRAM}' {command[1]}"], capture_output=True, text=True)
        self.assertEqual(mended.returncode, 0, mended.stderr)
        self.assert_synced(account)
        self.assert_equal(account)
        self.assertEqual(account.remote()["INBOX"].total(), 9)

    def test_plain_garbage(self):
        self.damage("plain", "LocalStatus/INBOX", lambda f: f.write_bytes(b"\0garbage\n" * 50))

    def test_plain_truncated(self):
        self.damage("plain", "LocalStatus/INBOX", lambda f: f.write_bytes(f.read_bytes()[:60]))

    def test_plain_newer(self):
        self.damage("plain", "LocalStatus/INBOX",
                    lambda f: f.write_text("OFFLINEIMAP LOCALSTATUS CACHE DATA - DO NOT MODIFY - "
                                           "FORMAT 9\n"))

    def test_lmdb_garbage(self):
        self.damage("lmdb", "*.mdb", lambda f: f.write_bytes(b"x" * f.stat().st_size))

    def test_lmdb_truncated(self):
        self.damage("lmdb", "*.mdb", lambda f: f.write_bytes(f.read_bytes()[:100]))

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_unreadable(self):
        for store in ("sqlite", "plain"):
            with self.subTest(store=store):
                account = self.settled(store)
                for file in (account.directory / "metadata/Account-Test").rglob("INBOX"):
                    file.chmod(0)
                account.append("INBOX", text("news"))  # so that the folder is looked at
                done = self.assert_synced(account, code=1)
                self.assertIn("Permission denied", done.stderr)

    def test_metadata_on_a_read_only_disk_is_a_clear_stop(self):
        account = self.settled("sqlite")
        metadata = account.directory / "metadata"
        mount = ["mount", "--bind", str(metadata), str(metadata)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
            self.skipTest("cannot mount here")
        self.addCleanup(subprocess.run, ["umount", str(metadata)], capture_output=True)
        if subprocess.run(["mount", "-o", "remount,bind,ro", str(metadata)],
                          capture_output=True).returncode:
            self.skipTest("cannot mount read-only here")
        account.append("INBOX", text("news"))
        before = account.local(), account.remote()
        done = account.sync()
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("Read-only file system", done.stderr)
        self.assertIn(str(metadata), done.stderr)
        self.assertEqual((account.local(), account.remote()), before)


if __name__ == "__main__":
    unittest.main(verbosity=2)
