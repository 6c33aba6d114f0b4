# SPDX-License-Identifier: Apache-2.0
"""The status stores in the whole program, alone, one after the other, and in turn with the original."""
import json
import os
import shutil
import sqlite3
import subprocess
import time
import unittest

from account import text
from cases import ProgramTest

ORIGINAL = "/usr/bin/offlineimap"
ORIGINAL_PLAIN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "original_plain.py")
STORES = ("sqlite", "plain", "lmdb")


def original_plain(directory, folder, *messages):
    done = subprocess.run(["/usr/bin/python3", ORIGINAL_PLAIN, str(directory), folder, *messages],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class StoresTest(ProgramTest):
    def meta(self, account):
        return account.directory / "metadata" / "Account-Test"

    def use(self, account, store, **settings):
        account.configure(account=f"status_backend = {store}", **settings)

    def names(self, account, folder="INBOX"):
        """UID to file, without flags."""
        return {f.name.split(",U=")[1].split(",")[0]: f.name.split(":2,")[0]
                for f in account.files(folder)}

    def uids(self, account, folder="INBOX"):
        connection = account.imap()
        connection.select(folder, readonly=True)
        found = connection.uid("SEARCH", "ALL")[1][0].decode().split()
        connection.logout()
        return set(found)

    def expunge(self, account, uid, folder="INBOX"):
        connection = account.imap()
        connection.select(folder)
        connection.uid("STORE", uid, "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()

    def remove_one_on_each_side(self, account):
        names = self.names(account)
        here, there = sorted(names, key=int)[:2]
        next(f for f in account.files("INBOX") if f.name.startswith(names[here])).unlink()
        self.expunge(account, there)
        return set(names) - {here, there}


class Stores(StoresTest):
    def test_each_keeps_what_both_sides_agreed_on(self):
        for store in STORES:
            with self.subTest(store):
                account = self.account(self.serve(), account=f"status_backend = {store}")
                self.fill(account)
                self.assert_synced(account)
                self.assert_equal(account)
                left = self.remove_one_on_each_side(account)
                account.mark(account.files("INBOX")[-1], "FS")
                account.deliver("Archive", text("up"), "9.a.host")
                self.assert_synced(account)
                self.assert_equal(account)
                self.assertEqual(set(self.names(account)), left)
                log = account.directory / "log"
                self.assert_synced(account, "-l", str(log))
                self.assertIn("nothing to do", log.read_text())

    def test_the_general_section_may_name_it(self):
        account = self.account(self.serve(), general="status_backend = plain")
        self.fill(account)
        self.assert_synced(account)
        self.assertTrue((self.meta(account) / "LocalStatus" / "INBOX").exists())
        self.assertFalse((self.meta(account) / "LocalStatus-sqlite").exists())

    def test_a_change_of_the_setting_transfers_nothing_and_forgets_nothing(self):
        account = self.account(self.serve())
        self.fill(account)
        connection = account.imap()
        for i in range(12):
            connection.append("INBOX", "", None, text(f"more {i}"))
        connection.logout()
        self.assert_synced(account)
        before = "sqlite"
        for store in ("plain", "lmdb", "sqlite", "lmdb", "plain", "sqlite", "plain"):
            with self.subTest(f"{before} to {store}"):
                names = self.names(account)
                left = self.remove_one_on_each_side(account)
                self.use(account, store)
                log = account.directory / "log"
                log.unlink(missing_ok=True)
                self.assert_synced(account, "-l", str(log))
                self.assertIn(f"Migrating LocalStatus cache from {before} to {store}",
                              log.read_text())
                # Neither side's removal was taken for news, nothing has a new name or number.
                self.assertEqual(self.names(account), {u: n for u, n in names.items() if u in left})
                self.assertEqual(self.uids(account), left)
                self.assert_equal(account)
                log.unlink()
                self.assert_synced(account, "-l", str(log))
                self.assertIn("nothing to do", log.read_text())
                before = store

    def test_a_dry_run_converts_nothing_and_plans_from_what_is_known(self):
        account = self.account(self.serve())
        self.fill(account)
        self.assert_synced(account)
        self.remove_one_on_each_side(account)
        self.use(account, "lmdb")
        log = account.directory / "log"
        self.assert_synced(account, "--dry-run", "-l", str(log))
        self.assertIn("[DRYRUN] Would migrate LocalStatus cache from sqlite to lmdb",
                      log.read_text())
        self.assertFalse((self.meta(account) / "LocalStatus-lmdb").exists())
        self.assertEqual(len(self.uids(account)), 7)

    def test_a_store_is_free_while_the_account_sleeps(self):
        for store in STORES:
            with self.subTest(store):
                account = self.account(self.serve(), account=f"status_backend = {store}\n"
                                                             "autorefresh = 5")
                self.fill(account)
                with subprocess.Popen([account.program, "-c", str(account.rc), "-u", "basic"],
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      text=True) as sleeper:
                    try:
                        for line in sleeper.stdout:
                            if "Next refresh" in line:
                                break
                        account.append("INBOX", text("new"))
                        self.sync_when_free(account)
                        self.assert_equal(account)
                    finally:
                        sleeper.terminate()
                        sleeper.wait(30)

    def sync_when_free(self, account):
        """The sleeper hears the echo of what its own run did, and has a look."""
        busy = 7
        for _ in range(20):
            done = account.sync()
            if done.returncode != busy:
                break
            time.sleep(0.5)
        self.assertEqual(done.returncode, 0, done.stderr)


class OldFiles(StoresTest):
    """What older versions of the original have left."""

    def test_sqlite_of_version_1(self):
        account = self.account(self.serve())
        self.fill(account)
        self.assert_synced(account)
        file = self.meta(account) / "LocalStatus-sqlite" / "INBOX"
        rows = sqlite3.connect(file).execute("SELECT id, flags FROM status").fetchall()
        file.unlink()
        made = sqlite3.connect(file)
        made.executescript(
            "CREATE TABLE metadata (key VARCHAR(50) PRIMARY KEY, value VARCHAR(128));"
            "INSERT INTO metadata VALUES('db_version','1');"
            "CREATE TABLE status (id INTEGER PRIMARY KEY, flags VARCHAR(50));")
        made.executemany("INSERT INTO status VALUES(?, ?)", rows)
        made.commit()
        made.close()
        left = self.remove_one_on_each_side(account)
        self.assert_synced(account)
        self.assertEqual(self.uids(account), left)
        self.assert_equal(account)
        self.assertEqual(sqlite3.connect(file).execute("SELECT value FROM metadata").fetchall(),
                         [("2",)])

    def test_plain_files_of_both_formats_go_into_every_store(self):
        for line in ("{}:{}", "{}|{}|0|"):
            for store in STORES:
                with self.subTest(line=line, store=store):
                    account = self.account(self.serve())
                    self.fill(account)
                    self.assert_synced(account)
                    shutil.rmtree(self.meta(account))
                    plain = self.meta(account) / "LocalStatus"
                    plain.mkdir(parents=True)
                    for folder in account.local():
                        rows = [(f.name.split(",U=")[1].split(",")[0], f.name.split(":2,")[1])
                                for f in account.files(folder)]
                        head = f"OFFLINEIMAP LocalStatus CACHE DATA - DO NOT MODIFY - FORMAT {1 + line.count('0')}"
                        (plain / folder.replace("/", ".")).write_text(
                            "\n".join([head, *(line.format(*row) for row in rows), ""]))
                    left = self.remove_one_on_each_side(account)
                    self.use(account, store)
                    self.assert_synced(account)
                    self.assertEqual(self.uids(account), left)
                    self.assert_equal(account)

    def test_folder_validity_however_it_was_written(self):
        account = self.account(self.serve())
        self.fill(account)
        self.assert_synced(account)
        for end in ("", "\n", "\r\n", " \n"):
            for file in (account.directory / "metadata").glob("Repository-*/FolderValidity/*"):
                file.write_text(file.read_text().strip() + end)
            account.append("INBOX", text("more" + repr(end)))
            self.assert_synced(account)
            self.assert_equal(account)


@unittest.skipUnless(shutil.which("offlineimap", path="/usr/bin"), "offlineimap3 is not installed")
class WithTheOriginal(StoresTest):
    def original(self, account):
        """It refuses the option that names the store."""
        rc = account.rc.read_text()
        account.rc.write_text("\n".join(
            line for line in rc.splitlines() if not line.startswith("status_backend")))
        done = account.sync(program=ORIGINAL)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        account.rc.write_text(rc)

    def test_its_sqlite_files_are_taken_into_every_store(self):
        for store in ("plain", "lmdb"):
            with self.subTest(store):
                account = self.account(self.serve())
                self.fill(account)
                self.original(account)
                names = self.names(account)
                left = self.remove_one_on_each_side(account)
                self.use(account, store)
                self.assert_synced(account)
                self.assertEqual(self.names(account), {u: n for u, n in names.items() if u in left})
                self.assertEqual(self.uids(account), left)

    def test_what_it_kept_in_a_week_between_wins(self):
        for store in ("plain", "lmdb"):
            with self.subTest(store):
                account = self.account(self.serve())
                self.fill(account)
                self.original(account)
                self.use(account, store)
                self.assert_synced(account)
                # The week with the original: new mail, which our store knows nothing of.
                for i in range(3):
                    account.append("INBOX", text(f"of the week {i}"))
                self.original(account)
                self.assert_equal(account)
                # It is deleted before we run again: that must not look like news.
                newest = sorted(self.names(account), key=int)[-2:]
                names = self.names(account)
                next(f for f in account.files("INBOX")
                     if f.name.startswith(names[newest[0]])).unlink()
                self.expunge(account, newest[1])
                left = set(names) - set(newest)
                log = account.directory / "log"
                self.assert_synced(account, "-l", str(log))
                self.assertIn("Taking the status of INBOX from sqlite", log.read_text())
                self.assertEqual(self.uids(account), left)
                self.assertEqual(set(self.names(account)), left)
                self.assert_equal(account)

    def test_it_goes_on_after_the_setting_is_sqlite_again(self):
        account = self.account(self.serve())
        self.fill(account)
        for i in range(5):
            account.append("INBOX", text(f"more {i}"))
        self.original(account)
        for store in ("lmdb", "sqlite", "plain", "sqlite"):
            self.use(account, store)
            left = self.remove_one_on_each_side(account)
            self.assert_synced(account)
            self.assertEqual(self.uids(account), left)
        account.append("INBOX", text("for theirs"))
        here = sorted(self.names(account), key=int)[0]
        next(f for f in account.files("INBOX") if f",U={here}," in f.name).unlink()
        before = self.uids(account)
        self.original(account)
        self.assert_equal(account)
        self.assertEqual(self.uids(account), before - {here})

    def test_its_plain_files_are_imported(self):
        account = self.account(self.serve())
        self.fill(account)
        self.original(account)
        for folder in ("INBOX", "Work.Deep", "Archive"):
            messages = []
            for file in account.files(folder):
                uid, flags = file.name.split(",U=")[1].split(",")[0], file.name.split(":2,")[1]
                messages += [uid, flags, ""]
            plain = self.meta(account) / "LocalStatus"
            plain.mkdir(exist_ok=True)
            written = original_plain(self.meta(account) / "LocalStatus", folder, *messages)
            self.assertEqual(len(written), len(messages) // 3)
        shutil.rmtree(self.meta(account) / "LocalStatus-sqlite")
        kept = {f.name: f.read_bytes() for f in plain.iterdir()}
        left = self.remove_one_on_each_side(account)
        log = account.directory / "log"
        self.assert_synced(account, "-l", str(log))
        self.assertIn("Migrating LocalStatus cache from plain to sqlite", log.read_text())
        self.assertEqual(self.uids(account), left)
        self.assert_equal(account)
        self.assertEqual({f.name: f.read_bytes() for f in plain.iterdir()}, kept)

    def test_it_reads_our_plain_files_and_we_read_them_again(self):
        account = self.account(self.serve(), account="status_backend = plain")
        self.fill(account)
        account.append("INBOX", text("with a keyword"), "($Label1 \\Seen)")
        self.assert_synced(account)
        plain = self.meta(account) / "LocalStatus"
        expected = {f.name.split(",U=")[1].split(",")[0]: [sorted(f.name.split(":2,")[1]), []]
                    for f in account.files("INBOX")}
        self.assertEqual(original_plain(plain, "INBOX"), expected)
        # It writes the file anew, with flags that it has brought to both sides.
        uid = sorted(expected, key=int)[0]
        connection = account.imap()
        connection.select("INBOX")
        connection.uid("STORE", uid, "+FLAGS", "(\\Flagged)")
        connection.logout()
        file = next(f for f in account.files("INBOX") if f",U={uid}," in f.name)
        letters = "".join(sorted(set(file.name.split(":2,")[1]) | {"F"}))
        account.mark(file, letters)
        original_plain(plain, "INBOX", uid, letters, "")
        account.mark(next(f for f in account.files("INBOX") if f",U={uid}," in f.name),
                     letters.replace("F", ""))
        self.assert_synced(account)
        self.assert_equal(account)
        file = next(f for f in account.files("INBOX") if f",U={uid}," in f.name)
        self.assertNotIn("F", file.name.split(":2,")[1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
