# SPDX-License-Identifier: Apache-2.0
"""One account between a throw-away Dovecot and a Maildir, for the tests of the whole program."""
import collections
import hashlib
import imaplib
import pathlib
import re
import subprocess
import tempfile

from dovecot import PASSWORD

RC = """[general]
accounts = Test
metadata = {dir}/metadata
ui = {ui}
{general}
[Account Test]
localrepository = Local
remoterepository = Remote
{account}
[Repository Local]
{store}
{local}
[Repository Remote]
type = IMAP
remotehost = 127.0.0.1
remoteport = {port}
remoteuser = {user}
remotepass = {password}
{remote}
"""
MAILDIR = "type = Maildir\nlocalfolders = {dir}/mail"
PLAIN = "ssl = no\nstarttls = no"
FLAGS = {"\\Seen": "S", "\\Answered": "R", "\\Flagged": "F", "\\Draft": "D", "\\Deleted": "T"}


def text(subject, body="hello", eol="\r\n"):
    lines = [f"Message-ID: <{subject}@example.org>", f"Subject: {subject}", "From: a@example.org",
             "Date: Mon, 02 Nov 2026 10:00:00 +0000", "", body, ""]
    return eol.join(lines).encode()


def digest(raw):
    return hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()[:12]


class Account:
    """`settings` fill in RC; without a `directory` it makes one that is gone after the test."""

    def __init__(self, server, program, directory=None, user="joe", **settings):
        self.server, self.program, self.user = server, program, user
        if directory is None:
            self.scratch = tempfile.TemporaryDirectory(prefix="offlineimap-account-")
            directory = self.scratch.name
        self.directory = pathlib.Path(directory)
        self.mail = self.directory / "mail"
        self.rc = self.directory / "rc"
        self.configure(**settings)

    def configure(self, **settings):
        values = {"dir": self.directory, "port": self.server.port, "password": PASSWORD,
                  "ui": "quiet", "general": "", "account": "", "local": "", "remote": PLAIN,
                  "user": self.user, "store": MAILDIR.format(dir=self.directory)}
        self.rc.write_text(RC.format(**{**values, **settings}))

    def sync(self, *arguments, program=None):
        """Of `quiet`, which complains on the standard output, `stderr` has that as well."""
        done = subprocess.run([program or self.program, "-o", "-c", str(self.rc), *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
        if "-u" not in arguments and "ui = quiet" in self.rc.read_text():
            done.stderr = done.stdout + done.stderr
        return done

    # ------------------------------------------------------------------ the remote side

    def imap(self):
        connection = imaplib.IMAP4("127.0.0.1", self.server.port)
        connection.login(self.user, PASSWORD)
        return connection

    def remote(self):
        """{folder: Counter of (digest, flags)}"""
        out = {}
        connection = self.imap()
        for line in connection.list()[1]:
            if re.search(rb"\\(noselect|nonexistent)", line, re.I):
                continue
            name = re.search(rb'"[/.]" (.*)$', line)[1].strip(b'"').decode()
            out[name] = collections.Counter()
            if connection.select(f'"{name}"', readonly=True)[1] == [b"0"]:
                continue
            for item in connection.fetch("1:*", "(FLAGS BODY.PEEK[])")[1]:
                if not isinstance(item, tuple):
                    continue
                flags = re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].decode().split()
                letters = "".join(sorted(FLAGS[f] for f in flags if f in FLAGS))
                out[name][digest(item[1]), letters] += 1
        connection.logout()
        return out

    def append(self, folder, raw, flags=""):
        connection = self.imap()
        connection.append(f'"{folder}"', flags, None, raw)
        connection.logout()

    # ------------------------------------------------------------------ the local side

    def box(self, folder, separator="."):
        return self.mail / folder.replace("/", separator)

    def files(self, folder):
        return sorted(p for sub in ("new", "cur") for p in (self.box(folder) / sub).iterdir())

    def local(self):
        out = {}
        for cur in sorted(self.mail.rglob("cur")):
            name = str(cur.parent.relative_to(self.mail)).replace(".", "/")
            out[name] = collections.Counter()
            for file in self.files(name):
                flags = re.search(r":2,([A-Za-z]*)$", file.name)
                letters = "".join(c for c in (flags[1] if flags else "") if c in "DFRST")
                out[name][digest(file.read_bytes()), letters] += 1
        return out

    def deliver(self, folder, raw, name):
        box = self.box(folder)
        for sub in ("tmp", "new", "cur"):
            (box / sub).mkdir(parents=True, exist_ok=True)
        (box / "new" / name).write_bytes(raw.replace(b"\r\n", b"\n"))

    def mark(self, file, letters):
        base = file.name.split(":2,")[0]
        target = file.parent.parent / "cur" / f"{base}:2,{letters}"
        file.rename(target)
        return target
