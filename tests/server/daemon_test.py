# SPDX-License-Identifier: Apache-2.0
"""The program as a daemon: it watches, is told by signals, and survives what laptops go through.
PROGRAM is the built offlineimap."""
import os
import signal
import subprocess
import time
import unittest

from account import PLAIN, text
from cases import PROGRAM, ServerTest

PATIENCE = 30


class Daemon:
    """The program in the background; what it says goes to a file."""

    def __init__(self, account, *arguments, environment=None):
        self.output = account.directory / "output"
        with open(self.output, "wb") as output:
            self.process = subprocess.Popen(
                [PROGRAM, "-c", str(account.rc), "-u", "basic", *arguments], stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})})

    def said(self):
        return self.output.read_text(errors="replace")

    def wait_for(self, words, times=1):
        wait_until(lambda: self.said().count(words) >= times or self.process.poll() is not None)
        if self.said().count(words) < times:
            raise AssertionError(f"{words!r} was not said {times} times:\n{self.said()}")

    def wait_until_quiet(self):
        """What it wrote itself it looks at once more."""
        before, now = None, self.said()
        while before != now:
            time.sleep(1.5)
            before, now = now, self.said()

    def tell(self, number):
        self.process.send_signal(number)

    def end(self):
        """Waits for its end; the exit code."""
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"it did not end:\n{self.said()}")

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def wait_until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


class DaemonTest(ServerTest):
    def start(self, server=None, arguments=(), environment=None, messages=2, **settings):
        """A daemon that has done its first run and sleeps for an hour."""
        self.server = server or self.serve()
        self.joe = self.account(
            self.server, **{"account": "autorefresh = 60", **settings})
        for number in range(messages):
            self.joe.append("INBOX", text(f"first {number}"))
        daemon = Daemon(self.joe, *arguments, environment=environment)
        self.addCleanup(daemon.stop)
        daemon.wait_for("Next refresh")
        daemon.wait_until_quiet()
        return daemon

    def subjects(self):
        return sorted(
            line for file in self.joe.files("INBOX")
            for line in file.read_text().splitlines() if line.startswith("Subject:"))

    def assert_soon_equal(self, daemon):
        def equal():
            try:
                return self.joe.local() == self.joe.remote()
            except FileNotFoundError:  # renamed while it was read
                return False
        self.assertTrue(wait_until(equal), daemon.said())


class Signals(DaemonTest):
    def test_usr1_synchronises_now(self):
        daemon = self.start()
        self.joe.append("INBOX", text("later"))
        daemon.tell(signal.SIGUSR1)
        self.assert_soon_equal(daemon)
        daemon.wait_for("Next refresh", 2)

    def test_usr2_ends_after_the_sync(self):
        daemon = self.start()
        daemon.tell(signal.SIGUSR2)
        self.assertEqual(daemon.end(), 0, daemon.said())

    def test_each_signal_to_stop_ends_a_sleep_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                daemon = self.start()
                daemon.tell(number)
                self.assertEqual(daemon.end(), 128 + number, daemon.said())

    def test_third_one_ends_it_whatever_it_does(self):
        daemon = self.hanging()
        for _ in range(3):
            daemon.tell(signal.SIGTERM)
            time.sleep(0.2)
        self.assertEqual(daemon.end(), 128 + signal.SIGTERM, daemon.said())

    def hanging(self):
        """One whose hook does not come to an end."""
        self.server = self.serve()
        self.joe = self.account(self.server, account="presynchook = exec sleep 300")
        daemon = Daemon(self.joe)
        self.addCleanup(daemon.stop)
        daemon.wait_for("Calling hook")
        return daemon

    def test_quit_shows_what_every_thread_does(self):
        daemon = self.start()
        daemon.tell(signal.SIGQUIT)
        self.assertEqual(daemon.end(), -signal.SIGQUIT, daemon.said())
        self.assertIn("thread", daemon.said())
        self.assertGreaterEqual(daemon.said().count("offlineimap("), 3, daemon.said())


class Watching(DaemonTest):
    def test_local_flag_and_new_mail_go_to_the_server(self):
        daemon = self.start()
        self.joe.mark(self.joe.files("INBOX")[0], "S")
        self.assert_soon_equal(daemon)
        self.joe.deliver("INBOX", text("written here"), "1.a.host")
        self.assert_soon_equal(daemon)

    def test_new_local_folder_goes_to_the_server(self):
        daemon = self.start()
        self.joe.deliver("Made here", text("in a new folder"), "1.a.host")
        self.assert_soon_equal(daemon)

    def test_new_mail_arrives_by_idle(self):
        daemon = self.start(remote=PLAIN + "\nidlefolders = ['INBOX']")
        self.joe.append("INBOX", text("pushed"))
        self.assert_soon_equal(daemon)

    def test_goes_quiet_when_nothing_happens(self):
        daemon = self.start(remote=PLAIN + "\nidlefolders = ['INBOX']")
        self.joe.append("INBOX", text("pushed"))
        self.joe.mark(self.joe.files("INBOX")[0], "S")
        self.assert_soon_equal(daemon)
        time.sleep(6)
        runs = daemon.said().count("*** Processing")
        time.sleep(5)
        self.assertLessEqual(daemon.said().count("*** Processing") - runs, 1, daemon.said())

    def test_goes_on_after_the_server_was_restarted(self):
        daemon = self.start(remote=PLAIN + "\nidlefolders = ['INBOX']")
        self.server.stop()
        time.sleep(1)
        self.server.start_again()
        self.joe.append("INBOX", text("after the restart"))
        self.joe.mark(self.joe.files("INBOX")[0], "S")
        self.assert_soon_equal(daemon)

    def test_held_connection_that_died_is_opened_again(self):
        daemon = self.start(remote=PLAIN + "\nholdconnectionopen = yes")
        self.server.stop()
        self.server.start_again()
        self.joe.append("INBOX", text("after the restart"))
        daemon.tell(signal.SIGUSR1)
        self.assert_soon_equal(daemon)
        self.assertNotIn("ERROR", daemon.said())


if __name__ == "__main__":
    unittest.main(verbosity=1)
