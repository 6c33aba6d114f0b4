# SPDX-License-Identifier: Apache-2.0
"""One rc file of tests/data/compare at work: a user on a server, a home folder, a program that keeps both
equal. Comment lines of the file tell what the server is like: "# separator .", "# prefix INBOX.",
"# folder NAME" for one more folder, "# tokens" for one that takes OAuth2 tokens."""
import collections
import contextlib
import imaplib
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile

from account import FLAGS, digest, text
from dovecot import PASSWORD, Dovecot, tool
from introspection import Introspection
from tokens_test import TokenServer

CASES = pathlib.Path(__file__).resolve().parents[1] / "data/compare"
FOLDERS = ["Sent", "Drafts", "Trash", "Spam", "Archive", "Archive/2023", "Lists/c++", "Lists/mutt",
           "Work", "Work/Deep/Deeper", "With blank", "Entw&APw-rfe", "Mail/INBOX", "Mail/list/one"]
# An uploaded file keeps its name here; the original gives it a new one.
NAME = re.compile(r"^(?:(\d+)_\d+\.\d+\.)?[^,]*(,U=\d+,FMD5=[0-9a-f]{32})([:!]2,[A-Za-z]*)?$")
DATE = 1793613600  # of account.text()
# They are no folders, but between two servers the original makes empty ones of them.
LEVELS = {"Lists", "Mail", "Mail.list", "Work.Deep"}
# What is changed in the first round, and in the second: a message gets a mark, one loses one, one goes.
ROUNDS = {1: {"there": ("m 0", "m 3", "m 4"), "here": ("m 1", "m 2")},
          2: {"there": ("m 5", "m 7", "m 6"), "here": ("m 0", "m 3")}}


def setting(rc, name, otherwise):
    found = re.search(rf"(?m)^# {name} (\S+)$", rc)
    return found[1] if found else otherwise


@contextlib.contextmanager
def ground(rc, users):
    """A server for these users; each has a second mailbox, "user-copy"."""
    extra = f"namespace inbox {{\n  prefix = {setting(rc, 'prefix', '')}\n}}\n"
    users = [name for user in users for name in (user, f"{user}-copy")]
    with contextlib.ExitStack() as stack:
        if "\n# tokens\n" in f"\n{rc}":
            owners = {f"{user}.token": user for user in users}
            extra += ("auth_mechanisms = xoauth2 plain login\n"
                      + stack.enter_context(Introspection(owners, owners)).passdb)
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="offlineimap-server-"))
        yield stack.enter_context(Dovecot(directory, users=users, extra=extra,
                                          separator=setting(rc, "separator", "/")))


class Side:
    """One program, with its own user on the server and its own home folder."""

    def __init__(self, server, rc, user, program):
        self.server, self.user, self.program = server, user, program
        self.separator = setting(rc, "separator", "/")
        self.prefix = setting(rc, "prefix", "")
        self.folders = FOLDERS + re.findall(r"(?m)^# folder (.+)$", rc)
        self.undo = contextlib.ExitStack()
        self.directory = pathlib.Path(self.undo.enter_context(
            tempfile.TemporaryDirectory(prefix="offlineimap-compare-")))
        self.has_other = "{other}" in rc
        values = {"dir": self.directory, "port": server.port, "user": user, "password": PASSWORD,
                  "other": f"{user}-copy", "certificate": server.certificate,
                  "tls_port": server.tls_port, "tunnel": f"{tool('doveadm')} -c "
                  f"{server.directory}/dovecot.conf exec imap -u {user}"}
        if "{tokens}" in rc:
            values["tokens"] = self.undo.enter_context(TokenServer(
                (200, {"access_token": f"{user}.token", "expires_in": 3600}))).url
        for key, value in values.items():
            rc = rc.replace("{" + key + "}", str(value))
        self.file = self.directory / "rc"
        self.file.write_text(rc)
        (self.directory / "password").write_text(PASSWORD + "\n")
        (self.directory / ".netrc").write_text(
            f"machine 127.0.0.1\n  login {user}\n  password {PASSWORD}\n")
        for file in (self.directory / "password", self.directory / ".netrc"):
            file.chmod(0o600)
        shutil.copy(CASES / "functions.py", self.directory)

    def command(self, *arguments):
        environment = {**os.environ, "HOME": str(self.directory)}
        environment.pop("XDG_CONFIG_HOME", None)
        return subprocess.run([self.program, *arguments], stdin=subprocess.DEVNULL, text=True,
                              capture_output=True, timeout=120, env=environment)

    def run(self):
        return self.command("-o", "-u", "quiet", "-c", str(self.file))

    # ------------------------------------------------------------------ the server

    def imap(self, user=None):
        connection = imaplib.IMAP4("127.0.0.1", self.server.port)
        connection.login(user or self.user, PASSWORD)
        return connection

    def name(self, folder):
        if folder == "INBOX":
            return folder
        return f'"{self.prefix}{folder.replace("/", self.separator)}"'

    def fill(self):
        connection = self.imap()
        for folder in self.folders:
            connection.create(self.name(folder))
            connection.subscribe(self.name(folder))
            connection.append(self.name(folder), "(\\Seen)", None, text(f"in {folder}"))
        for i in range(2):
            connection.append("INBOX", "", '"07-Feb-2020 10:00:00 +0000"', text(f"old {i}"))
        for i in range(8):
            flags = ["", "\\Seen", "\\Flagged $label1", "\\Answered \\Seen Other"][i % 4]
            connection.append("INBOX", f"({flags})", None, text(f"m {i}"))
        connection.append("INBOX", "", None, text("large", "x" * 5000))
        connection.unsubscribe(self.name("Spam"))
        connection.logout()

    def number(self, connection, subject):
        return connection.search(None, "SUBJECT", f'"{subject}"')[1][0].split()[0].decode()

    def change_remote(self, turn):
        connection = self.imap()
        made = self.name(f"Made later {turn}")
        connection.append("INBOX", "", None, text(f"late {turn}"))
        connection.create(made)
        connection.subscribe(made)
        connection.append(made, "", None, text(f"in Made later {turn}"))
        connection.select("INBOX")
        marked, unmarked, gone = ROUNDS[turn]["there"]
        connection.store(self.number(connection, marked), "+FLAGS", "(\\Flagged)")
        connection.store(self.number(connection, unmarked), "-FLAGS", "(\\Answered)")
        connection.store(self.number(connection, gone), "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()

    def change_other(self, turn):
        connection = self.imap(f"{self.user}-copy")
        connection.append("INBOX", "", None, text(f"from here {turn}"))
        connection.create(f'"New here {turn}"')
        connection.append(f'"New here {turn}"', "", None, text(f"new here {turn}"))
        connection.select("INBOX")
        marked, gone = ROUNDS[turn]["here"]
        connection.store(self.number(connection, marked), "FLAGS", "(\\Flagged \\Seen)")
        connection.store(self.number(connection, gone), "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()

    def mailboxes(self, user, of):
        """{folder: Counter of what `of` tells of each message}; of(uid, digest, letters)"""
        out = {}
        connection = self.imap(user)
        for line in connection.list()[1]:
            if b"\\No" in line:
                continue
            folder = re.search(rb'"[/.]" (.*)$', line)[1].strip(b'"').decode()
            out[folder] = collections.Counter()
            if connection.select(f'"{folder}"', readonly=True)[1] == [b"0"]:
                if self.has_other:
                    del out[folder]  # see LEVELS
                continue
            for item in connection.fetch("1:*", "(UID FLAGS BODY.PEEK[])")[1]:
                if isinstance(item, tuple):
                    flags = re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].decode().split()
                    letters = "".join(sorted(FLAGS[f] for f in flags if f in FLAGS))
                    uid = int(re.search(rb"UID (\d+)", item[0])[1])
                    out[folder][of(uid, digest(item[1]), letters)] += 1
        connection.logout()
        return out

    def contents(self, user):
        return self.mailboxes(user, lambda uid, content, letters: (content, letters))

    def remote(self):
        return self.contents(self.user)

    def other(self):
        return self.contents(f"{self.user}-copy") if self.has_other else None

    def everything(self):
        """Every message by its name; equal to what it was before: nothing was transferred."""
        users = [self.user, f"{self.user}-copy"] if self.has_other else [self.user]
        return [self.mailboxes(user, lambda *message: message) for user in users], {
            str(file.relative_to(self.directory)): file.stat().st_ino for file in self.files()}

    # ------------------------------------------------------------------ the files

    def files(self):
        return sorted(p for box in ("new", "cur") for d in self.directory.rglob(box)
                      if "metadata" not in d.parts for p in d.iterdir())

    def file_of(self, subject):
        wanted = f"Subject: {subject}\n".encode()
        found = [file for file in self.files() if wanted in file.read_bytes()]
        return found[0] if found else None

    def change_local(self, turn):
        """Whatever the folders are called here: a flag, a deletion, a new message, a new folder."""
        one, two = (self.file_of(subject) for subject in ROUNDS[turn]["here"])
        if one:
            box = one.parent.parent
            one.rename(box / "cur" / re.sub("([:!]2,).*", r"\1FS", one.name))
            (box / f"new/1700000000.{turn}.host").write_bytes(
                b"X-Label: mine\n" + text(f"from here {turn}", eol="\n"))
            new = box.parent / f"New here {turn}"
            for sub in ("cur", "new", "tmp"):
                (new / sub).mkdir(parents=True)
            (new / "new/1700000001.1.host").write_bytes(text(f"new here {turn}", eol="\n"))
        if two:
            two.unlink()

    def change(self, turn):
        self.change_remote(turn)
        if self.has_other:
            self.change_other(turn)
        self.change_local(turn)

    def local(self):
        """{folder: Counter of (where, name without what is chance, content)}"""
        out = {}
        for cur in self.directory.rglob("cur"):
            box = cur.parent
            if "metadata" in box.parts:
                continue
            folder = str(box.relative_to(self.directory))
            out[folder] = collections.Counter()
            for sub in ("new", "cur"):
                for file in (box / sub).iterdir():
                    found = NAME.match(file.name)
                    stamps = (found and found[1] or "0", int(file.stat().st_mtime))
                    dated = ["Date" if abs(int(stamp) - DATE) < 2 else "" for stamp in stamps]
                    name = found[2] + (found[3] or "")[3:] if found else file.name
                    out[folder][sub, name, *dated, digest(file.read_bytes())] += 1
        return out

    def lists(self):
        """What was written for mail readers."""
        out = {}
        for file in (self.directory / "mailboxes", *sorted(self.directory.rglob("mbnames/*.json"))):
            if file.exists():
                text_ = file.read_text().replace(str(self.directory), "DIR")
                out[file.name] = json.loads(text_) if file.suffix == ".json" else text_
                if file.suffix == ".json":
                    out[file.name].sort(key=lambda item: item["foldername"])
        for note in ("noted", "counted"):
            file = self.directory / note
            out[note] = set(file.read_text().splitlines()) if file.exists() else None
        return out

    def status(self):
        """{account/folder: {uid: flags}}"""
        out = {}
        for file in self.directory.glob("metadata/Account-*/LocalStatus-sqlite/*"):
            if file.name.endswith(("-journal", "-wal", "-shm")):
                continue
            with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
                rows = dict(connection.execute("SELECT id, flags FROM status").fetchall())
            if rows:
                out[f"{file.parts[-3]}/{file.name}"] = rows
            connection.close()
        return out

    def validity(self):
        return sorted(str(p.relative_to(self.directory / "metadata"))
                      for p in self.directory.glob("metadata/Repository-*/FolderValidity/*")
                      if not (self.has_other and p.name in LEVELS))
