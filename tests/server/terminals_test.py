#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The user interfaces on a real terminal: its sizes, its kinds, and how it is left, whatever ends the
program."""
import os
import re
import signal
import subprocess
import termios
import time
import unittest
import unittest.mock

from account import text
from interface import PROGRAM, InterfaceTest

ON_TERMINAL = ["ttyui", "blinkenlights"]
SIZES = ((100, 30), (20, 4), (10, 3), (1, 1))
SAY_NOTHING = "Repository_Remote:remoteport=1"


def columns_used(output):
    """Of each line that is written over and over, how wide it is."""
    for line in re.split(rb"\r\x1b\[K", output):
        # A line that stays may be as long as it likes.
        line = line.rpartition(b"\r\n")[2]
        yield len(re.sub(rb"\x1b\[[0-9;]*[A-Za-z]", b"", line).decode(errors="replace"))


class TerminalTest(InterfaceTest):
    def assert_left_as_it_was(self, run):
        self.assertEqual(run.after, run.before)
        if b"\x1b[?1049h" in run.output:
            last_in = run.output.rindex(b"\x1b[?1049h")
            self.assertIn(b"\x1b[?1049l", run.output[last_in:])
        if b"\x1b[?25l" in run.output:
            last_hidden = run.output.rindex(b"\x1b[?25l")
            self.assertRegex(run.output[last_hidden:], rb"\x1b\[\?(12;|12l\x1b\[\?)?25h")


class Terminals(TerminalTest):
    def test_each_synchronises_in_a_window_of_any_size(self):
        for ui in ON_TERMINAL:
            for columns, rows in SIZES:
                with self.subTest(ui=ui, columns=columns, rows=rows):
                    account = self.filled()
                    run = self.on_terminal(account, "-o", "-u", ui, columns=columns, rows=rows)
                    self.assertEqual(run.finish(), 0, run.output)
                    self.assert_left_as_it_was(run)
                    self.assertEqual(account.local()["INBOX"].total(), 5)

    def test_blinkenlights_takes_the_whole_screen_and_gives_it_back(self):
        run = self.on_terminal(self.filled(), "-o", "-u", "blinkenlights")
        self.assertEqual(run.finish(), 0, run.output)
        self.assertIn(b"\x1b[?1049h", run.output)
        self.assert_left_as_it_was(run)

    def test_blinkenlights_fits_each_new_size(self):
        run = self.on_terminal(self.filled(account="autorefresh = 5"), "-u", "blinkenlights")
        self.assertTrue(run.wait_for(b"Next sync in"), run.output)
        for columns, rows in ((60, 10), (10, 3), (1, 1), (132, 50), (80, 24)):
            with self.subTest(columns=columns, rows=rows):
                while run.read(0.3):
                    pass
                run.output = run.output[-1:]
                run.resize(columns, rows)
                end = time.monotonic() + 3  # the countdown goes on
                while time.monotonic() < end:
                    run.read(0.1)
                self.assertIsNone(run.process.poll(), run.output)
                self.assertTrue(run.output)
                # What was drawn while the size changed may be for the old one.
                later = run.output[len(run.output) // 2:]
                for row, column in re.findall(rb"\x1b\[(\d+);(\d+)H", later):
                    self.assertLessEqual(int(row), rows, later)
                    self.assertLessEqual(int(column), columns, later)
                if columns >= 60:
                    self.assertIn(b"Next sync", run.output + b"Next sync" * (rows < 4))
        run.type(b"q")
        run.finish()
        self.assert_left_as_it_was(run)

    def test_the_line_of_ttyui_fits_each_new_size(self):
        run = self.on_terminal(self.filled(account="autorefresh = 5"), "-u", "ttyui")
        self.assertTrue(run.wait_for(b"Next sync in"), run.output)
        for columns in (40, 10, 2, 1, 120):
            with self.subTest(columns=columns):
                run.resize(columns, 10)
                run.read(1.5)
                run.output = b""
                run.wait_for(b"\r\x1b[K", 5)
                run.read(1.5)
                self.assertIsNone(run.process.poll(), run.output)
                for used in list(columns_used(run.output))[1:]:
                    self.assertLess(used, max(columns, 1) + (columns == 1), run.output)
        run.process.send_signal(signal.SIGTERM)
        run.finish()
        self.assert_left_as_it_was(run)

    # As the terminal's eight colours allow: yellow and pink are brighter ones.
    COLOURS = ((35, b"*** Processing account Test"), (37, b"Establishing connection"),
               (34, b"Creating folder INBOX"), (32, b"Checking 1 of 1"), (36, b"Syncing INBOX"),
               (33, b"Copy 5 messages"), (31, b"Next refresh"))

    def test_blinkenlights_has_the_colours_of_the_manual(self):
        account = self.filled(account="autorefresh = 5")
        run = self.on_terminal(account, "-u", "blinkenlights")
        self.assertTrue(run.wait_for(b"Next sync in"), run.output)
        for colour, words in self.COLOURS:
            self.assertRegex(run.output, rb"\x1b\[%dm%b" % (colour, re.escape(words)))
        # The main program's light flashes while the accounts sleep.
        self.assertRegex(run.output, rb"\x1b\[31m@")
        self.assertTrue(run.wait_for(b"\x1b[30m@"), run.output)
        connection = account.imap()
        connection.select("INBOX")
        connection.store("1", "+FLAGS", "(\\Seen)")
        connection.store("2", "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()
        run.type(b"0")
        self.assertTrue(run.wait_for(b"Adding flag"), run.output)
        run.type(b"q")
        run.finish()
        self.assertRegex(run.output, rb"\x1b\[0;1m\x1b\[33mAdding flag")
        self.assertRegex(run.output, rb"\x1b\[31mDelet")

    def test_blinkenlights_counts_down_and_obeys_its_keys(self):
        account = self.filled(account="autorefresh = 5")
        run = self.on_terminal(account, "-u", "blinkenlights")
        self.assertTrue(run.wait_for(b"Next sync in"), run.output)
        account.append("INBOX", text("later"))
        run.resize(60, 10)
        run.type(b"0")
        end = time.monotonic() + 30
        while account.local()["INBOX"].total() < 6 and time.monotonic() < end:
            run.read(0.1)
        self.assertEqual(account.local()["INBOX"].total(), 6)
        run.type(b"q")
        run.finish()
        self.assert_left_as_it_was(run)


class Ends(TerminalTest):
    """Whatever ends the program leaves the terminal as it was found."""

    def run_until_it_sleeps(self, ui):
        run = self.on_terminal(self.filled(account="autorefresh = 5"), "-u", ui)
        self.assertTrue(run.wait_for(b"Next sync in"), run.output)
        return run

    def test_signals_to_stop(self):
        for ui in ON_TERMINAL:
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                with self.subTest(ui=ui, signal=number):
                    run = self.run_until_it_sleeps(ui)
                    run.process.send_signal(number)
                    self.assertEqual(run.finish(), 128 + number, run.output)
                    self.assert_left_as_it_was(run)

    # A sanitizer would otherwise make a report of SIGSEGV, and an exit.
    @unittest.mock.patch.dict(os.environ, {
        "ASAN_OPTIONS": "handle_segv=0:detect_leaks=0",
        "TSAN_OPTIONS": os.environ.get("TSAN_OPTIONS", "") + ":handle_segv=0"})
    def test_signals_that_kill(self):
        for ui in ON_TERMINAL:
            for number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGALRM, signal.SIGXCPU,
                           signal.SIGQUIT):
                with self.subTest(ui=ui, signal=number):
                    run = self.run_until_it_sleeps(ui)
                    run.process.send_signal(number)
                    self.assertEqual(run.finish(), -number, run.output)
                    self.assert_left_as_it_was(run)

    def asked(self, ui):
        account = self.filled()
        account.rc.write_text(account.rc.read_text().replace("remotepass = secret\n", ""))
        run = self.on_terminal(account, "-o", "-u", ui)
        self.assertTrue(run.wait_for(b"Enter password"), run.output)
        end = time.monotonic() + 10
        while termios.tcgetattr(run.end)[3] & termios.ECHO and time.monotonic() < end:
            run.read(0.05)
        return account, run

    def test_a_password_is_asked_for_without_an_echo(self):
        for ui in ON_TERMINAL:
            with self.subTest(ui=ui):
                account, run = self.asked(ui)
                run.type(b"secret\n")
                self.assertEqual(run.finish(), 0, run.output)
                self.assert_hidden("secret", run.output)
                self.assert_left_as_it_was(run)
                self.assertEqual(account.local()["INBOX"].total(), 5)

    def test_an_interrupted_prompt(self):
        for ui in ON_TERMINAL:
            for what in ("key", signal.SIGTERM, signal.SIGINT, signal.SIGABRT):
                with self.subTest(ui=ui, what=what):
                    account, run = self.asked(ui)
                    run.type(b"hal")
                    run.read(0.2)
                    if what == "key":
                        run.type(b"\x03")
                    else:
                        run.process.send_signal(what)
                    self.assertNotEqual(run.finish(20), 0, run.output)
                    self.assert_left_as_it_was(run)
                    self.assertNotIn(b"hal", run.output)
                    self.assertFalse(account.mail.exists() and "INBOX" in account.local())


    def test_basic_and_quiet_ask_for_no_password(self):
        for ui in ("basic", "quiet", "Noninteractive.Basic", "Noninteractive.Quiet"):
            with self.subTest(ui=ui):
                account = self.filled()
                account.rc.write_text(account.rc.read_text().replace("remotepass = secret\n", ""))
                run = self.on_terminal(account, "-o", "-u", ui)
                self.assertEqual(run.finish(20), 4, run.output)
                self.assertIn(b"remotepass", run.output)
                self.assert_left_as_it_was(run)


class Kinds(TerminalTest):
    """What a terminal cannot do, or is told not to."""

    def test_colour_only_where_it_is_welcome(self):
        colour = rb"\x1b\[([0-9;]*;)?[34][0-7](;[0-9;]*)?m"
        for ui in ON_TERMINAL:
            with self.subTest(ui=ui):
                account = self.filled()
                run = self.on_terminal(account, "-o", "-u", ui, "-k", SAY_NOTHING)
                run.finish()
                self.assertRegex(run.output, colour)
                run = self.on_terminal(account, "-o", "-u", ui, "-k", SAY_NOTHING, NO_COLOR="1")
                run.finish()
                self.assertNotRegex(run.output, colour)
        done = self.filled().sync("-u", "ttyui", "-k", SAY_NOTHING)
        self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_a_dumb_one_gets_plain_lines(self):
        for kind in ("dumb", ""):
            with self.subTest(TERM=kind):
                run = self.on_terminal(self.filled(), "-o", "-u", "ttyui", TERM=kind)
                self.assertEqual(run.finish(), 0, run.output)
                self.assertNotIn(b"\x1b", run.output)
                self.assertIn(b"*** Finished account", run.output)

    def test_blinkenlights_says_where_it_cannot_be(self):
        account = self.filled()
        run = self.on_terminal(account, "-o", "-u", "blinkenlights", TERM="no-such-terminal")
        self.assertEqual(run.finish(), 3, run.output)
        self.assertIn(b"-u ttyui", run.output)
        self.assert_left_as_it_was(run)

    def test_the_first_usable_one_of_a_list_is_taken(self):
        account = self.filled(ui="Tk.Blinkenlights, Curses.Blinkenlights, TTY.TTYUI")
        environment = {k: v for k, v in os.environ.items() if k != "DISPLAY"}
        done = subprocess.run([PROGRAM, "-o", "-c", str(account.rc)], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("*** Finished account 'Test'", done.stderr)
        self.assertIn("curses.blinkenlights is not usable here", done.stderr)
        run = self.on_terminal(account, "-o", TERM="dumb", DISPLAY="")
        self.assertEqual(run.finish(), 0, run.output)
        self.assertNotIn(b"\x1b", run.output)
        run = self.on_terminal(account, "-o", DISPLAY="")
        self.assertEqual(run.finish(), 0, run.output)
        self.assertIn(b"\x1b[?1049h", run.output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
