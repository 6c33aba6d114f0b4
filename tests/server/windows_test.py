# SPDX-License-Identifier: Apache-2.0
"""maxsize, maxage, startdate: the whole program and a real server."""
import imaplib
import os
import re
import time
import unittest

from account import PLAIN, text
from cases import ProgramTest


class Windows(ProgramTest):
    """maxsize, maxage, startdate: what is outside stays where it is, on both sides."""
    DAY = 86400

    def append_from(self, account, subject, days, body="hello"):
        """Received so many days ago."""
        stamp = imaplib.Time2Internaldate(time.time() - days * self.DAY)
        connection = account.imap()
        connection.append("INBOX", "", stamp, text(subject, body))
        connection.logout()

    def deliver_from(self, account, subject, days):
        name = f"{int(time.time() - days * self.DAY)}.{len(subject)}_{subject}.host"
        account.deliver("INBOX", text(subject), name)
        file = account.box("INBOX") / "new" / name
        os.utime(file, (time.time() - days * self.DAY,) * 2)

    def subjects(self, raws):
        return sorted(re.search(rb"Subject: (.*?)\r?\n", raw)[1].decode() for raw in raws)

    def here(self, account):
        return self.subjects(file.read_bytes() for file in account.files("INBOX"))

    def there(self, account):
        connection = account.imap()
        connection.select("INBOX", readonly=True)
        items = connection.fetch("1:*", "(BODY.PEEK[])")[1]
        connection.logout()
        return self.subjects(item[1] for item in items if isinstance(item, tuple))

    def expunge(self, account, subject):
        connection = account.imap()
        connection.select("INBOX")
        number = connection.search(None, "SUBJECT", subject)[1][0].split()[0]
        connection.store(number, "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()

    def remove(self, account, subject):
        for file in account.files("INBOX"):
            if f"Subject: {subject}\n".encode() in file.read_bytes():
                file.unlink()

    def day(self, days):
        return time.strftime("%Y-%m-%d", time.gmtime(time.time() - days * self.DAY))

    def aged(self, **settings):
        """Messages on both sides of a window of about ten days."""
        account = self.account(self.serve(), **settings)
        for days in (30, 20, 3, 1):
            self.append_from(account, f"there-{days}", days)
        account.deliver("INBOX", text("now"), "1.now.host")
        self.deliver_from(account, "here-25", 25)
        self.deliver_from(account, "here-2", 2)
        return account

    def story_of_days(self, **settings):
        """What was never uploaded is new here whatever its time says, as in the original."""
        account = self.aged(**settings)
        for _ in range(2):
            self.assert_synced(account)
            self.assertEqual(self.here(account),
                             ["here-2", "here-25", "now", "there-1", "there-3"])
            self.assertEqual(
                self.there(account),
                ["here-2", "here-25", "now", "there-1", "there-20", "there-3", "there-30"])
        # What is deleted inside goes on the other side, too; what is outside is nobody's business.
        self.remove(account, "there-3")
        self.remove(account, "here-25")
        self.expunge(account, "there-1")
        self.expunge(account, "there-30")
        self.assert_synced(account)
        self.assertEqual(self.here(account), ["here-2", "now"])
        self.assertEqual(self.there(account), ["here-2", "here-25", "now", "there-20"])

    def test_maxage_in_days(self):
        self.story_of_days(account="maxage = 10\nmax_deletes = unlimited")

    def test_maxage_as_a_day(self):
        self.story_of_days(account=f"maxage = {self.day(10)}\nmax_deletes = unlimited")

    def test_startdate_of_the_server(self):
        account = self.account(self.serve(), remote=PLAIN + f"\nstartdate = {self.day(10)}")
        for days in (30, 3, 1):
            self.append_from(account, f"there-{days}", days)
        account.deliver("INBOX", text("now"), "1.now.host")
        for _ in range(2):
            self.assert_synced(account)
            self.assertEqual(self.here(account), ["now", "there-1", "there-3"])
            self.assertEqual(self.there(account), ["now", "there-1", "there-3", "there-30"])
        start = account.directory / "metadata/Repository-Remote/StartUID/INBOX"
        self.assertEqual(start.read_text(), "2\n")  # without it the original would not go on
        self.remove(account, "there-3")
        self.expunge(account, "there-30")
        self.assert_synced(account)
        self.assertEqual(self.there(account), ["now", "there-1"])

    def test_startdate_of_the_maildir(self):
        account = self.account(self.serve(), local=f"startdate = {self.day(10)}")
        account.append("INBOX", text("there"))
        self.deliver_from(account, "here-25", 25)
        self.deliver_from(account, "here-2", 2)
        for _ in range(2):
            self.assert_synced(account)
            self.assertEqual(self.here(account), ["here-2", "here-25", "there"])
            self.assertEqual(self.there(account), ["here-2", "there"])

    def test_a_window_that_shrinks_deletes_nothing(self):
        account = self.aged()
        self.assert_synced(account)
        everything = self.here(account)
        self.assertEqual(len(everything), 7)
        for settings in ({"account": "maxage = 10"}, {"account": "maxsize = 10"},
                         {"remote": PLAIN + f"\nstartdate = {self.day(10)}"},
                         {"local": f"startdate = {self.day(10)}"}, {}):
            account.configure(**settings)
            for _ in range(2):
                self.assert_synced(account)
                self.assertEqual(self.here(account), everything, settings)
                self.assertEqual(self.there(account), everything, settings)

    def test_a_window_that_grows_lets_in_what_was_outside(self):
        account = self.account(self.serve(), account="maxsize = 2000")
        self.append_from(account, "small", 0)
        self.append_from(account, "large", 0, "x" * 5000)
        account.deliver("INBOX", text("vast", "y" * 5000), "2.vast.host")
        self.assert_synced(account)
        account.configure()
        self.assert_synced(account)
        self.assertEqual(self.here(account), ["large", "small", "vast"])
        self.assertEqual(self.there(account), self.here(account))

    def test_maxsize_leaves_large_messages_alone_on_both_sides(self):
        account = self.account(self.serve(), account="maxsize = 2000")
        self.append_from(account, "small", 0)
        self.append_from(account, "large", 0, "x" * 5000)
        account.deliver("INBOX", text("mine"), "1.mine.host")
        account.deliver("INBOX", text("vast", "y" * 5000), "2.vast.host")
        for _ in range(2):
            self.assert_synced(account)
            self.assertEqual(self.here(account), ["mine", "small", "vast"])
            self.assertEqual(self.there(account), ["large", "mine", "small"])
    def test_only_one_of_the_limits_in_time_may_be_set(self):
        account = self.account(self.serve(), account="maxage = 10", local="startdate = 2020-01-01")
        done = self.assert_synced(account, code=3)
        self.assertIn("only one of maxage", done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
