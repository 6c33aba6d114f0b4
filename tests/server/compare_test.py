# SPDX-License-Identifier: Apache-2.0
"""The original and this program with the same rc files, against the same mail: what is on disk and on
the server afterwards is the same. Each rc file in tests/data/compare is a case. {dir}, {port}, {user}
and {password} are filled in; comment lines tell the server: "# separator .", "# prefix INBOX."."""
import collections
import imaplib
import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from account import FLAGS, digest, text
from dovecot import PASSWORD, Dovecot

PROGRAM = os.environ["PROGRAM"]
ORIGINAL = "/usr/bin/offlineimap"
CASES = pathlib.Path(__file__).resolve().parents[1] / "data/compare"
FOLDERS = ["Sent", "Drafts", "Trash", "Spam", "Archive", "Archive/2023", "Lists/c++", "Lists/mutt",
           "Work", "Work/Deep/Deeper", "With blank", "Entw&APw-rfe", "Mail/INBOX", "Mail/list/one"]
# An uploaded file keeps its name here; the original gives it a new one.
NAME = re.compile(r"^(?:(\d+)_\d+\.\d+\.)?[^,]*(,U=\d+,FMD5=[0-9a-f]{32})([:!]2,[A-Za-z]*)?$")

DATE = 1793613600  # of account.text()


def setting(rc, name, otherwise):
    found = re.search(rf"(?m)^# {name} (\S+)$", rc)
    return found[1] if found else otherwise


class Side:
    """One of the two programs, with its own user on the server and its own files."""

    def __init__(self, server, rc, user, program):
        self.server, self.user, self.program = server, user, program
        self.separator = setting(rc, "separator", "/")
        self.prefix = setting(rc, "prefix", "")
        self.scratch = tempfile.TemporaryDirectory(prefix="offlineimap-compare-")
        self.directory = pathlib.Path(self.scratch.name)
        values = {"dir": self.directory, "port": server.port, "user": user, "password": PASSWORD}
        for key, value in values.items():
            rc = rc.replace("{" + key + "}", str(value))
        (self.directory / "rc").write_text(rc)
        (self.directory / "password").write_text(PASSWORD + "\n")
        shutil.copy(CASES / "functions.py", self.directory)

    def run(self):
        return subprocess.run([self.program, "-o", "-u", "quiet", "-c", str(self.directory / "rc")],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)

    # ------------------------------------------------------------------ the server

    def imap(self):
        connection = imaplib.IMAP4("127.0.0.1", self.server.port)
        connection.login(self.user, PASSWORD)
        return connection

    def name(self, folder):
        if folder == "INBOX":
            return folder
        return f'"{self.prefix}{folder.replace("/", self.separator)}"'

    def fill(self):
        connection = self.imap()
        for folder in FOLDERS:
            connection.create(self.name(folder))
            connection.subscribe(self.name(folder))
            connection.append(self.name(folder), "(\\Seen)", None, text(f"in {folder}"))
        for i in range(8):
            flags = ["", "\\Seen", "\\Flagged $label1", "\\Answered \\Seen Other"][i % 4]
            connection.append("INBOX", f"({flags})", None, text(f"m {i}"))
        connection.append("INBOX", "", None, text("large", "x" * 5000))
        connection.unsubscribe(self.name("Spam"))
        connection.logout()

    def change_remote(self):
        connection = self.imap()
        connection.append("INBOX", "", None, text("late"))
        connection.create(self.name("Made later"))
        connection.subscribe(self.name("Made later"))
        connection.append(self.name("Made later"), "", None, text("in Made later"))
        connection.select("INBOX")
        connection.store("1", "+FLAGS", "(\\Flagged)")
        connection.store("4", "-FLAGS", "(\\Answered)")
        connection.store("5", "+FLAGS", "(\\Deleted)")
        connection.expunge()
        connection.logout()

    def remote(self):
        out = {}
        connection = self.imap()
        for line in connection.list()[1]:
            if b"\\No" in line:
                continue
            folder = re.search(rb'"[/.]" (.*)$', line)[1].strip(b'"').decode()
            out[folder] = collections.Counter()
            if connection.select(f'"{folder}"', readonly=True)[1] == [b"0"]:
                continue
            for item in connection.fetch("1:*", "(FLAGS BODY.PEEK[])")[1]:
                if isinstance(item, tuple):
                    flags = re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].decode().split()
                    letters = "".join(sorted(FLAGS[f] for f in flags if f in FLAGS))
                    out[folder][digest(item[1]), letters] += 1
        connection.logout()
        return out

    # ------------------------------------------------------------------ the files

    def files(self):
        return sorted(p for box in ("new", "cur") for d in self.directory.rglob(box)
                      if "metadata" not in d.parts for p in d.iterdir())

    def file_of(self, subject):
        wanted = f"Subject: {subject}\n".encode()
        found = [file for file in self.files() if wanted in file.read_bytes()]
        return found[0] if found else None

    def change_local(self):
        """Whatever the folders are called here: a flag, a deletion, a new message, a new folder."""
        one, two = self.file_of("m 1"), self.file_of("m 2")
        if one:
            box = one.parent.parent
            one.rename(box / "cur" / re.sub("([:!]2,).*", r"\1FS", one.name))
            (box / "new" / "1700000000.1.host").write_bytes(
                b"X-Label: mine\n" + text("from here", eol="\n"))
            for sub in ("cur", "new", "tmp"):
                (box.parent / "New here" / sub).mkdir(parents=True)
            (box.parent / "New here/new/1700000001.1.host").write_bytes(text("new here", eol="\n"))
        if two:
            two.unlink()

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
        out["noted"] = (self.directory / "noted").exists()
        return out

    def status(self):
        """{account/folder: {uid: flags}}"""
        out = {}
        for file in self.directory.glob("metadata/Account-*/LocalStatus-sqlite/*"):
            if file.name.endswith(("-journal", "-wal", "-shm")):
                continue
            with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
                rows = dict(connection.execute("SELECT id, flags FROM status").fetchall())
            out[f"{file.parts[-3]}/{file.name}"] = rows
            connection.close()
        return out

    def validity(self):
        return sorted(str(p.relative_to(self.directory / "metadata"))
                      for p in self.directory.glob("metadata/Repository-*/FolderValidity/*"))


@unittest.skipUnless(shutil.which("offlineimap", path="/usr/bin"), "offlineimap3 is not installed")
class Compare(unittest.TestCase):
    maxDiff = None

    def compare(self, theirs, ours, when):
        for what in ("local", "remote", "lists", "status", "validity"):
            self.assertEqual(getattr(theirs, what)(), getattr(ours, what)(), f"{what}, {when}")

    def run_both(self, theirs, ours):
        done = theirs.run(), ours.run()
        said = "\n".join(f"{p.args[0]}: {p.returncode}\n{p.stdout}{p.stderr}" for p in done)
        self.assertEqual([p.returncode for p in done], [0, 0], said)

    def story(self, case):
        rc = (CASES / case).read_text()
        with tempfile.TemporaryDirectory(prefix="offlineimap-server-") as directory:
            extra = f"namespace inbox {{\n  prefix = {setting(rc, 'prefix', '')}\n}}\n"
            with Dovecot(directory, users=("joe", "ann"), separator=setting(rc, "separator", "/"),
                         extra=extra) as server:
                theirs, ours = Side(server, rc, "joe", ORIGINAL), Side(server, rc, "ann", PROGRAM)
                for side in (theirs, ours):
                    self.addCleanup(side.scratch.cleanup)
                    side.fill()
                self.run_both(theirs, ours)
                self.compare(theirs, ours, "after the first run")
                for side in (theirs, ours):
                    side.change_remote()
                    side.change_local()
                self.run_both(theirs, ours)
                self.run_both(theirs, ours)  # the original needs two for what it creates
                self.compare(theirs, ours, "after changes on both sides")


def add_cases():
    for file in sorted(CASES.glob("*.rc")):
        def test(self, case=file.name):
            self.story(case)
        setattr(Compare, "test_" + file.stem, test)


add_cases()
if __name__ == "__main__":
    unittest.main(verbosity=2)
