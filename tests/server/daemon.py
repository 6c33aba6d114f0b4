# SPDX-License-Identifier: Apache-2.0
"""The program in the background, for tests of what it does there."""
import os
import subprocess
import time

from account import text
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
        end = time.monotonic() + PATIENCE
        while before != now and time.monotonic() < end:
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
    def start(self, server=None, arguments=(), environment=None, messages=2, folders=(), **settings):
        """A daemon that has done its first run and sleeps for an hour."""
        self.server = server or self.serve()
        self.joe = self.account(
            self.server, **{"account": "autorefresh = 60", **settings})
        connection = self.joe.imap()
        for folder in folders:
            connection.create(folder)
        connection.logout()
        for number in range(messages):
            self.joe.append("INBOX", text(f"first {number}"))
        daemon = Daemon(self.joe, *arguments, environment=environment)
        self.addCleanup(daemon.stop)
        daemon.wait_for("Next refresh")
        daemon.wait_until_quiet()
        return daemon

    def assert_soon_equal(self, daemon):
        def equal():
            try:
                return self.joe.local() == self.joe.remote()
            except FileNotFoundError:  # renamed while it was read
                return False
        self.assertTrue(wait_until(equal), daemon.said())
