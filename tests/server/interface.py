# SPDX-License-Identifier: Apache-2.0
"""What the tests of user interfaces need: accounts, terminals, and an eye for secrets."""
import base64
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
import urllib.parse

from account import text
from cases import PROGRAM, ServerTest


class OnTerminal:
    """The program with a terminal of its own, which we keep open to see how it is left."""

    def __init__(self, command, columns=100, rows=30, **environment):
        self.master, self.end = pty.openpty()
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self.end)
        self.output = b""
        self.process = subprocess.Popen(
            ["setsid", "-c", *command], stdin=self.end, stdout=self.end, stderr=self.end,
            env={**os.environ, "TERM": "xterm-256color", **environment})

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            self.output += os.read(self.master, 65536)
            return True
        return False

    def wait_for(self, words, seconds=60):
        end = time.monotonic() + seconds
        while words not in self.output and time.monotonic() < end:
            self.read(0.1)
        return words in self.output

    def resize(self, columns, rows):
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        os.write(self.master, keys)

    def finish(self, seconds=60):
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.1)
        if self.process.poll() is None:
            self.process.kill()
            raise AssertionError(f"still running: {self.output[-2000:]!r}")
        while self.read(0.1):
            pass
        self.after = termios.tcgetattr(self.end)
        os.close(self.master)
        os.close(self.end)
        return self.process.returncode


class InterfaceTest(ServerTest):
    def filled(self, **settings):
        """An account of its own with five messages; what was there before it is gone."""
        account = self.account(self.shared_server(), **settings)
        for i in range(5):
            account.append("INBOX", text(f"in {i}"))
        return account

    def on_terminal(self, account, *arguments, **size):
        run = OnTerminal([PROGRAM, "-c", str(account.rc), *arguments], **size)
        self.addCleanup(run.process.kill)
        return run

    def assert_hidden(self, secret, *outputs):
        for output in outputs:
            shown = output if isinstance(output, bytes) else output.encode()
            for form in forms_of(secret):
                at = shown.find(form)
                self.assertEqual(at, -1, f"{form!r} in {shown[max(0, at - 80):at + 80]!r}")


def forms_of(secret):
    """A secret as it is and as it may go over a wire: in Base64 wherever it begins, with what
    SASL puts around it, and in a URL."""
    raw = secret.encode()
    yield raw
    for before in (b"", b"x", b"xy", b"\0joe\0", b"joe\0joe\0"):
        encoded = base64.b64encode(before + raw)
        yield encoded
        if len(raw) > 12:
            yield encoded[len(before) * 8 // 6 + 1:len(encoded) - 4]
    yield base64.b64encode(b"user=joe\1auth=Bearer " + raw + b"\1\1")
    yield urllib.parse.quote(secret, safe="").encode()
