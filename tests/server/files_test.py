# SPDX-License-Identifier: Apache-2.0
"""What the files of a Maildir are called, tried with the whole program and real disks."""
import email.utils
import os
import re
import shutil
import subprocess
import unittest

from account import PLAIN, text
from cases import ProgramTest


class Files(ProgramTest):
    DATE = "Mon, 02 Nov 2026 10:00:00 +0000"  # of account.text()
    STAMP = int(email.utils.parsedate_to_datetime(DATE).timestamp())

    def test_times_and_names_follow_the_date_of_the_message(self):
        account = self.account(self.serve(), local="utime_from_header = yes",
                               general="filename_use_mail_timestamp = yes")
        self.fill(account)
        self.assert_synced(account)
        for file in account.files("INBOX"):
            self.assertEqual(int(file.stat().st_mtime), self.STAMP)
            self.assertTrue(file.name.startswith(f"{self.STAMP}_"), file.name)

    def test_restoreatime_leaves_the_access_time_of_the_directories(self):
        account = self.account(self.serve(), local="restoreatime = yes")
        self.fill(account)
        self.assert_synced(account)
        cur = account.box("INBOX") / "cur"
        os.utime(cur, (1_000_000_000, 1_000_000_000))
        self.assert_synced(account)
        self.assertEqual(int(cur.stat().st_atime), 1_000_000_000)

    def test_windows_compatible_names_have_no_colon(self):
        account = self.account(self.serve(), account="maildir-windows-compatible = yes")
        self.fill(account)
        self.assert_synced(account)
        names = [file.name for file in account.files("INBOX")]
        self.assertEqual(len(names), 8)
        self.assertFalse([name for name in names if ":" in name])
        self.assertTrue(all(re.search(r"!2,[A-Z]*$", name) for name in names))
        file = account.files("INBOX")[0]
        file.rename(file.parent.parent / "cur" / re.sub(r"!2,.*", "!2,FS", file.name))
        self.assert_synced(account)
        self.assertEqual(sum("F" in flags for _, flags in account.remote()["INBOX"]), 1)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("mount.ntfs-3g"),
                         "mounting takes root and ntfs-3g")
    def test_a_file_system_of_windows_gets_names_without_a_colon_by_itself(self):
        account = self.account(self.serve())
        self.fill(account)
        image = account.directory / "image"
        image.touch()
        os.truncate(image, 20_000_000)
        account.mail.mkdir()
        subprocess.run(["mkntfs", "-q", "-F", str(image)], check=True, capture_output=True)
        if subprocess.run(["mount.ntfs-3g", "-o", "windows_names", str(image), str(account.mail)],
                          capture_output=True).returncode:
            self.skipTest("mounting is not allowed here")
        try:
            self.assert_synced(account)
            names = [file.name for file in account.files("INBOX")]
            self.assertEqual(len(names), 8)
            self.assertTrue(all(re.search(r"!2,[A-Z]*$", name) for name in names), names)
            log = account.directory / "log"
            self.assert_synced(account, "-l", str(log))
            self.assertIn("nothing to do", log.read_text())
        finally:
            subprocess.run(["umount", str(account.mail)], check=True)

    @unittest.skipUnless(os.geteuid() == 0 and shutil.which("lowntfs-3g"),
                         "mounting takes root and ntfs-3g")
    def test_folders_that_differ_in_case_alone_are_refused_where_that_is_one_directory(self):
        account = self.account(self.serve())
        self.fill(account)
        connection = account.imap()
        connection.create("work")
        connection.logout()
        image = account.directory / "image"
        image.touch()
        os.truncate(image, 20_000_000)
        account.mail.mkdir()
        subprocess.run(["mkntfs", "-q", "-F", str(image)], check=True, capture_output=True)
        if subprocess.run(["lowntfs-3g", "-o", "ignore_case", str(image), str(account.mail)],
                          capture_output=True).returncode:
            self.skipTest("mounting is not allowed here")
        try:
            done = self.assert_synced(account, code=3)
            self.assertRegex(done.stderr, "the folders [Ww]ork and [Ww]ork would be one directory")
            self.assertEqual(list(account.mail.iterdir()), [])
            account.configure(remote=PLAIN + "\nfolderfilter = lambda f: f != 'work'")
            self.assert_synced(account)
            names = [folder.name.lower() for folder in account.mail.iterdir()]
            self.assertEqual(names.count("work"), 1)
        finally:
            subprocess.run(["umount", str(account.mail)], check=True)

    def keywords(self, account, uid):
        connection = account.imap()
        connection.select("INBOX", readonly=True)
        answer = connection.uid("FETCH", str(uid), "(FLAGS)")[1][0].decode()
        connection.logout()
        return set(re.search(r"FLAGS \(([^)]*)\)", answer)[1].split()) - {"\\Recent"}

    def test_customflags_go_both_ways(self):
        account = self.account(self.serve(), local="customflag_a = $label1\ncustomflag_b = Work")
        account.append("INBOX", text("one"), "($label1 Other)")
        self.assert_synced(account)
        file, = account.files("INBOX")
        self.assertTrue(file.name.endswith(":2,a"), file.name)
        account.mark(file, "Sb")
        self.assert_synced(account)
        self.assertEqual(self.keywords(account, 1), {"Work", "Other", "\\Seen"})
        connection = account.imap()
        connection.select("INBOX")
        connection.uid("STORE", "1", "-FLAGS", "(Work)")
        connection.logout()
        self.assert_synced(account)
        self.assertTrue(account.files("INBOX")[0].name.endswith(":2,S"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
