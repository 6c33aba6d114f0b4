# SPDX-License-Identifier: Apache-2.0
"""`offlineimap repair` and broken state, with the whole program between a real Dovecot and a Maildir."""
import collections
import os
import shlex
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest

from account import PLAIN, text
from cases import PROGRAM, ProgramTest
from dovecot import PASSWORD


class RepairTest(ProgramTest):
    def settled(self, **settings):
        account = self.account(self.serve(), **settings)
        self.fill(account)
        self.assert_synced(account)
        self.assert_synced(account)
        return account

    def status(self, account, folder="INBOX"):
        return account.directory / "metadata/Account-Test/LocalStatus-sqlite" / folder

    def repair(self, account, *arguments, code=0):
        done = subprocess.run([PROGRAM, "repair", "-c", str(account.rc), "-u", "basic", *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def names(self, account):
        return sorted(str(p.relative_to(account.mail)) for p in account.mail.rglob("*:2,*"))

    def assert_nothing_to_do(self, account):
        log = account.directory / "log"
        log.unlink(missing_ok=True)
        before = self.names(account), account.remote()
        self.assert_synced(account, "-l", str(log))
        self.assertIn("nothing to do", log.read_text())
        self.assertEqual((self.names(account), account.remote()), before)


class Repair(RepairTest):
    def test_lost_records_are_made_again_from_both_sides(self):
        account = self.settled()
        names = self.names(account)
        shutil.rmtree(account.directory / "metadata/Account-Test")
        self.assertIn("10 records made, 0 messages left", self.repair(account))
        self.assertEqual(self.names(account), names)
        self.assert_nothing_to_do(account)

    def test_names_without_ids_are_known_by_their_content(self):
        account = self.settled()
        for number, file in enumerate(account.files("INBOX")):
            letters = file.name.split(":2,")[1]
            file.rename(file.parent / f"{number}.moved.host:2,{letters}")
        shutil.rmtree(account.directory / "metadata/Account-Test")
        self.assertIn("10 records made", self.repair(account))
        self.assert_nothing_to_do(account)
        self.assert_equal(account)

    def test_what_is_on_one_side_only_is_left_for_the_next_run(self):
        account = self.settled()
        account.append("INBOX", text("there"))
        account.deliver("INBOX", text("here"), "1.a.host")
        shutil.rmtree(account.directory / "metadata/Account-Test")
        before = account.local(), account.remote()
        self.assertIn("10 records made, 2 messages left", self.repair(account))
        self.assertEqual((account.local(), account.remote()), before)
        self.assert_synced(account)
        self.assert_equal(account)
        self.assertEqual(account.remote()["INBOX"].total(), 10)

    def test_a_removal_that_was_not_synchronised_yet_is_not_undone(self):
        account = self.settled()
        account.files("INBOX")[0].unlink()
        self.repair(account)
        self.assertEqual(account.remote()["INBOX"].total(), 8)
        self.assert_synced(account)
        self.assertEqual(account.remote()["INBOX"].total(), 7)

    def test_the_numbers_of_another_server_are_not_believed(self):
        account = self.settled()
        texts = {folder: account.local()[folder] for folder in ("INBOX", "Archive")}
        shutil.rmtree(account.directory / "metadata")
        connection = account.imap()
        connection.select("INBOX")
        connection.store("1:*", "+FLAGS", "\\Deleted")
        connection.expunge()
        connection.logout()
        lists = list((account.server.directory / "mail/joe").glob("dovecot*"))
        account.server.stop()
        for file in lists:
            file.unlink()
        account.server.start_again()
        for i in range(8):
            account.append("INBOX", text(f"another {i}"))
        before = account.local(), account.remote()
        done = self.assert_synced(account, code=2)
        self.assertIn("nothing tells which numbers (UIDVALIDITY) its messages had", done.stderr)
        self.assertEqual(account.local()["INBOX"], before[0]["INBOX"])
        self.assertEqual(account.remote()["INBOX"], before[1]["INBOX"])
        self.assertIn("whose numbers", self.repair(account, "--dry-run"))
        said = self.repair(account)
        self.assertIn("0 were found again by their content", said)
        self.assertNotIn("new numbers", said)
        self.assert_synced(account)
        self.assert_equal(account)
        self.assertEqual(account.remote()["INBOX"].total(), texts["INBOX"].total() + 8)

    def test_a_folder_that_there_is_not_is_said(self):
        account = self.settled()
        self.assertIn("no folder to repair", self.repair(account, "-f", "Nowhere", code=3))

    def test_one_folder_of_one_account_is_enough(self):
        account = self.settled()
        shutil.rmtree(account.directory / "metadata/Account-Test")
        self.assertIn("8 records made", self.repair(account, "-a", "Test", "-f", "INBOX"))

    def test_doubles_are_told_and_removed_when_that_is_asked_for(self):
        account = self.settled()
        first = next(f for f in account.files("INBOX") if ",U=1," in f.name)
        shutil.copy(first, first.parent / "99.copy.host:2,F")
        self.assert_synced(account)  # now both sides have it twice
        self.assertEqual(account.remote()["INBOX"].total(), 9)
        said = self.repair(account)
        self.assertIn("Remote:INBOX: the messages 1, 9 have the same text", said)
        self.assertEqual(account.remote()["INBOX"].total(), 9)
        self.repair(account, "--remove-doubles")
        self.assertEqual(account.remote()["INBOX"].total(), 8)
        self.assertEqual(account.local()["INBOX"].total(), 8)
        self.assert_synced(account)
        self.assert_equal(account)
        self.assertEqual(account.local()["INBOX"].total(), 8)
        self.assertEqual(sum(n for (_, flags), n in account.remote()["INBOX"].items()
                             if "F" in flags), 1)

    def test_doubles_are_removed_within_the_budget_only(self):
        account = self.account(self.serve())
        for i in range(30):
            account.append("INBOX", text("always the same"))
        self.assert_synced(account)
        self.assertIn("more than max_deletes allows", self.repair(account, "--remove-doubles", code=6))
        self.assertEqual(account.remote()["INBOX"].total(), 30)


class RepairDryRun(RepairTest):
    """`repair --dry-run` says what would be done, and leaves each byte as it is."""

    def rehearse(self, account, *arguments, code=0):
        before = self.everything(account)
        said = self.repair(account, "--dry-run", *arguments, code=code)
        self.assertEqual(self.everything(account), before)
        return said

    def everything(self, account):
        files = {str(p): (p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_ino)
                 for top in ("mail", "metadata") for p in (account.directory / top).rglob("*")
                 if p.is_file()}
        return files, sorted(map(str, account.directory.rglob("*/"))), account.remote()

    def test_of_lost_records(self):
        for store in ("sqlite", "plain", "lmdb"):
            with self.subTest(store):
                account = self.settled(account=f"status_backend = {store}")
                file = account.files("INBOX")[0]
                file.rename(file.parent / ("moved.a.host:2," + file.name.split(":2,")[1]))
                account.append("INBOX", text("there"))
                shutil.rmtree(account.directory / "metadata/Account-Test")
                said = self.rehearse(account)
                self.assertIn("[DRYRUN]", said)
                self.assertIn("10 records made, 1 messages left", said)
                self.assertIn("8 records made", self.rehearse(account, "-a", "Test", "-f", "INBOX"))
                self.assertIn("10 records made, 1 messages left", self.repair(account))
                self.assert_synced(account)
                self.assert_equal(account)

    def test_of_good_records(self):
        account = self.settled()
        self.assertIn("0 records made, 0 messages left", self.rehearse(account))

    def test_of_state_that_cannot_be_read(self):
        account = self.settled()
        self.status(account).write_bytes(b"x" * 5000)
        said = self.rehearse(account)
        self.assertIn("LocalStatus-sqlite/INBOX", said)
        self.assertIn("would be moved aside", said)
        self.assertIn("8 records made", said)

    def test_of_doubles(self):
        account = self.settled()
        first = next(f for f in account.files("INBOX") if ",U=1," in f.name)
        shutil.copy(first, first.parent / "99.copy.host:2,F")
        self.assert_synced(account)
        said = self.rehearse(account, "--remove-doubles")
        self.assertIn("would remove the double 9 in Remote:INBOX", said)
        self.assertIn("would remove the double 9 in Local:INBOX", said)


class RepairAnother(RepairTest):
    """A folder of the same name with other messages: a run leaves it alone, a repair does not."""

    def test_is_put_together_by_its_contents(self):
        account = self.settled()
        connection = account.imap()
        time.sleep(1.1)  # Dovecot takes the time for UIDVALIDITY
        connection.create("New")
        connection.select("INBOX")
        connection.copy("1", "New")
        connection.delete("Archive")
        connection.rename("New", "Archive")
        connection.logout()
        before = account.local(), account.remote()
        self.assertIn("offlineimap repair", self.assert_synced(account, code=2).stderr)
        self.assertEqual((account.local(), account.remote()), before)
        self.assertIn("contents are compared", self.repair(account, "--dry-run"))
        self.assertIn("contents are compared", self.repair(account))
        self.assertEqual((account.local(), account.remote()), before)
        self.assert_synced(account)
        self.assert_equal(account)
        for folder in ("INBOX", "Archive"):
            for message in before[0][folder] | before[1][folder]:
                self.assertEqual(account.remote()[folder][message], 1, folder)
        self.assert_nothing_to_do(account)


@unittest.skipUnless(shutil.which("mbsync"), "mbsync is not installed")
class FromMbsync(RepairTest):
    CHANNEL = """IMAPStore far
Host 127.0.0.1
Port {port}
User joe
Pass secret
SSLType None
AuthMechs LOGIN

MaildirStore near
Path {mail}/
Inbox {mail}/INBOX
SubFolders Verbatim

Channel c
Far :far:
Near :near:
Patterns *
Create Near
{state}
"""

    def mirrored(self, state):
        account = self.account(self.serve(), local="sep = /")
        self.fill(account)
        account.mail.mkdir()
        rc = account.directory / "mbsyncrc"
        rc.write_text(self.CHANNEL.format(port=account.server.port, mail=account.mail, state=state))
        subprocess.run(["mbsync", "-q", "-c", str(rc), "-a"], check=True, capture_output=True,
                       env={**os.environ, "HOME": str(account.directory)})
        self.assertEqual(len(list(account.mail.rglob("*,U=*"))), 10)
        return account

    def check_taken_over(self, account, *arguments):
        texts = collections.Counter(p.read_bytes() for p in account.mail.rglob("*,U=*"))
        said = self.repair(account, *arguments)
        self.assertIn("10 records made, 0 messages left", said)
        self.assert_nothing_to_do(account)
        self.assertEqual(collections.Counter(p.read_bytes() for p in account.mail.rglob("*,U=*")),
                         texts)
        self.assertEqual(sum(c.total() for c in account.remote().values()), 10)

    def test_with_its_state_in_the_maildirs(self):
        self.check_taken_over(self.mirrored("SyncState *"))

    def test_with_its_state_in_a_directory(self):
        with tempfile.TemporaryDirectory() as state:
            self.check_taken_over(self.mirrored(f"SyncState {state}/"), "--mbsync-state", state)

    def test_with_its_state_in_its_own_place(self):
        account = self.mirrored("")
        self.check_taken_over(account, "--mbsync-state", str(account.directory / ".mbsync"))

    def test_state_of_another_mirror_is_not_believed(self):
        account = self.mirrored("SyncState *")
        file = account.mail / "INBOX/.mbsyncstate"
        lines = file.read_text().splitlines()
        file.write_text("\n".join(["FarUidValidity 7", *lines[1:]]) + "\n")
        self.assertNotIn("Local:INBOX: 8 messages are known", self.repair(account))


@unittest.skipUnless(shutil.which("offlineimap", path="/usr/bin"), "offlineimap3 is not installed")
class FromTheOriginal(RepairTest):
    def test_its_records_are_made_again(self):
        account = self.account(self.serve())
        self.fill(account)
        self.assertEqual(account.sync(program="/usr/bin/offlineimap").returncode, 0)
        names = self.names(account)
        shutil.rmtree(account.directory / "metadata/Account-Test")
        self.assertIn("10 records made", self.repair(account))
        self.assertEqual(self.names(account), names)
        self.assert_nothing_to_do(account)


class Corruption(RepairTest):
    def damage(self, account, code, *words):
        """The run says what is wrong and how to mend it, and that does mend it."""
        before = account.local(), account.remote()
        done = self.assert_synced(account, code=code)
        for word in words:
            self.assertIn(word, done.stderr)
        command = done.stderr.split("To mend it, run: offlineimap ")[1].splitlines()[0]
        self.assertEqual((account.local(), account.remote()), before)
        self.assertEqual(shlex.split(command), ["repair", "-c", str(account.rc), "-a", "Test"])
        said = self.repair(account, *shlex.split(command)[3:])
        self.assert_nothing_to_do(account)
        self.assertEqual((account.local(), account.remote()), before)
        return said

    def test_garbage(self):
        account = self.settled()
        self.status(account).write_bytes(b"x" * 5000)
        (account.directory / "metadata/Account-Test/LocalStatus-notes.sqlite").unlink()
        said = self.damage(account, 1, "LocalStatus-sqlite/INBOX")
        self.assertIn(".corrupt-", said)
        kept = list((account.directory / "metadata/Account-Test").glob("*.corrupt-*/INBOX"))
        self.assertEqual([p.read_bytes() for p in kept], [b"x" * 5000])

    def test_a_truncated_file(self):
        account = self.settled()
        file = self.status(account)
        file.write_bytes(file.read_bytes()[:5000])
        (account.directory / "metadata/Account-Test/LocalStatus-notes.sqlite").unlink()
        self.damage(account, 1, "LocalStatus-sqlite/INBOX")

    def test_a_newer_version(self):
        account = self.settled()
        with sqlite3.connect(self.status(account)) as database:
            database.execute("UPDATE metadata SET value = '3' WHERE key = 'db_version'")
        database.close()
        (account.directory / "metadata/Account-Test/LocalStatus-notes.sqlite").unlink()
        self.damage(account, 1, "version 3")

    def test_notes_that_are_garbage(self):
        account = self.settled()
        (account.directory / "metadata/Account-Test/LocalStatus-notes.sqlite").write_bytes(b"x" * 5000)
        self.damage(account, 1, "LocalStatus-notes.sqlite")

    def test_directories_in_the_place_of_files(self):
        """As unreadable as a file on a broken disk."""
        account = self.settled()
        for name, code in (("last-run.json", 0), ("LocalStatus-history", 1)):
            with self.subTest(name):
                file = account.directory / "metadata/Account-Test" / name
                kept = file.read_bytes()
                file.unlink()
                file.mkdir()
                done = self.assert_synced(account, code=code)
                if code != 0:
                    self.assertIn(f"{file}: Is a directory", done.stderr)
                self.assertNotIn("defect", done.stderr)
                file.rmdir()
                file.write_bytes(kept)
                self.assert_synced(account)

    def test_a_validity_that_is_garbage(self):
        account = self.settled()
        for content in (b"", b"\0\0\0\0", b"12 34\n"):
            with self.subTest(content=content):
                file = account.directory / "metadata/Repository-Remote/FolderValidity/INBOX"
                file.write_bytes(content)
                connection = account.imap()
                connection.select("INBOX")
                connection.store("1", "+FLAGS" if content else "-FLAGS", "(\\Flagged)")
                connection.logout()
                done = self.assert_synced(account, code=1)
                self.assertIn(str(file), done.stderr)
                self.assertIn(f"offlineimap repair -c {account.rc} -a Test", done.stderr)
                self.repair(account)
                self.assert_synced(account)
                self.assert_equal(account)
                self.assertRegex(file.read_text(), r"^[0-9]+\n$")

    def test_names_with_blanks_are_quoted(self):
        account = self.settled()
        rc = account.rc.read_text().replace("accounts = Test", "accounts = My mail") \
            .replace("[Account Test]", "[Account My mail]")
        account.rc.write_text(rc)
        (account.directory / "metadata/Account-Test").rename(
            account.directory / "metadata/Account-My mail")
        (account.directory / "metadata/Account-My mail/LocalStatus-notes.sqlite").write_bytes(b"x" * 5000)
        done = self.assert_synced(account, code=1)
        self.assertIn(f"offlineimap repair -c {account.rc} -a 'My mail'", done.stderr)

    def test_two_accounts_in_one_maildir(self):
        account = self.settled()
        rc = account.rc.read_text().replace("accounts = Test", "accounts = Test, Second")
        rc += f"""[Account Second]
localrepository = Local2
remoterepository = Remote
[Repository Local2]
type = Maildir
localfolders = {account.mail}/
"""
        account.rc.write_text(rc)
        account.append("INBOX", text("x"))
        before = account.local()
        for arguments in ((), ("-a", "Test"), ("-a", "Second")):
            done = self.assert_synced(account, *arguments, code=3)
            for word in ('"Test"', '"Second"', str(account.mail)):
                self.assertIn(word, done.stderr)
            self.assertEqual(account.local(), before)

    def test_two_accounts_in_one_folder_of_a_maildir(self):
        """Rules may keep them apart; where they do not, the second one stops before it takes anything."""
        account = self.account(self.serve(users=("joe", "jane")))
        self.fill(account)
        self.assert_synced(account)
        rc = account.rc.read_text().replace("accounts = Test", "accounts = Test, Second")
        rc += f"""[Account Second]
localrepository = Local2
remoterepository = Remote2
[Repository Local2]
type = Maildir
localfolders = {account.mail}/
folderfilter = lambda name: name in ["INBOX", "Second"]
[Repository Remote2]
type = IMAP
remotehost = 127.0.0.1
remoteport = {account.server.port}
remoteuser = jane
remotepass = {PASSWORD}
{PLAIN}
"""
        account.rc.write_text(rc)
        user, account.user = account.user, "jane"
        account.append("INBOX", text("hers"))
        hers, account.user = account.remote(), user
        before = account.local(), account.remote()
        for arguments in ((), ("-a", "Second"), ("--dry-run",)):
            done = self.assert_synced(account, *arguments, code=3)
            for word in ("Second", "the local folder INBOX", "account Test, too"):
                self.assertIn(word, done.stderr)
        self.assertIn("account Test, too", self.repair(account, "-a", "Second", code=3))
        self.assertEqual((account.local(), account.remote()), before)
        account.user = "jane"
        self.assertEqual(account.remote(), hers)
        connection = account.imap()
        connection.create("Second")
        connection.logout()
        only = 'folderfilter = lambda name: name == "Second"'
        account.rc.write_text(rc.replace('["INBOX", "Second"]', '["Second"]')
                              .replace("remoteuser = jane", f"remoteuser = jane\n{only}"))
        self.assert_synced(account, "-a", "Second")

    def test_repair_waits_for_no_other_run(self):
        account = self.settled(account="presynchook = sleep 3")
        first = subprocess.Popen([PROGRAM, "-o", "-c", str(account.rc)])
        try:
            for _ in range(200):
                if (account.directory / "metadata/Test.lock").exists():
                    break
                subprocess.run(["sleep", "0.02"], check=True)
            self.assertIn("another process", self.repair(account, code=7))
        finally:
            self.assertEqual(first.wait(60), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
