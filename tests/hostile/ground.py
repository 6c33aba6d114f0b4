# SPDX-License-Identifier: Apache-2.0
"""One account between an odd server and a Maildir, and what must hold whatever the server says."""
import collections
import copy
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "server"))

from account import PLAIN, Account, digest, text
from odd_server import BARE, MODERN, Mischief, OddServer

PROGRAM = os.environ.get("PROGRAM", "build/debug/bin/offlineimap")
SANITIZED = "SANITIZED" in os.environ
MEGABYTES = 100  # what a run may take in memory, whatever the server says
SECONDS = 300 if SANITIZED else 40
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
# How long an answer is waited for: by a run that may fail, since the server may fall silent, and by
# one that may not, however busy the machine is.
IMPATIENT = {"general": f"socktimeout = {2 if SANITIZED else 1}"}
PATIENT = {"general": "socktimeout = 30"}
TIMED_OUT = 5  # the exit code, of all that a server or the line to it may do
# Threads for cases that mostly wait; under a sanitizer they mostly compute.
AT_ONCE = 4 if SANITIZED else 8


WANTED = {"INBOX": {digest(raw) for raw in (
    text("in 1"), text("in 2"), text("in 3"), text("from afar", "body " * 400), text("from here"),
    text("from here 2"))},
          "Work": {digest(text(name)) for name in ("in 0", "in 2", "in 3")}}


def most_memory(pid):
    """What a process had resident at most, in megabytes. (What wait4 tells begins with ours.)"""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
    except (OSError, TypeError):
        return 0


class Run:
    """One run of the program; how it ended and what it took."""

    def __init__(self, account, *arguments):
        errors, output = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        begun = time.monotonic()
        process = subprocess.Popen([PROGRAM, "-o", "-c", str(account.rc), *arguments],
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        self.stuck, self.megabytes = False, 0
        while process.poll() is None:
            self.megabytes = max(self.megabytes, most_memory(process.pid))
            if time.monotonic() - begun > SECONDS:
                self.stuck = True
                process.kill()
            time.sleep(0.01)
        self.code, self.seconds = process.returncode, time.monotonic() - begun
        for file in (output, errors):
            file.seek(0)
        self.output = (output.read() + errors.read()).decode(errors="surrogateescape")
        for file in (output, errors):
            file.close()

    def wrong(self, codes):
        """What must never happen in any run, and the exit codes that may be."""
        if self.stuck:
            return f"it does not come to an end:\n{self.output[-2000:]}"
        if self.code not in codes:
            return f"it ends with {self.code}, not {codes}:\n{self.output[-2000:]}"
        if self.megabytes > MEGABYTES and not SANITIZED:
            return f"it takes {self.megabytes:.0f} MB"
        if found := CONTROL.search(self.output):
            return f"it prints {found[0]!r}:\n{self.output[-2000:]!r}"
        if self.code and not self.output.strip():
            return f"it ends with {self.code} without a word"
        if len(max(self.output.split("\n"), key=len)) > 2000:
            return f"it prints endless lines:\n{self.output[:500]}"
        return ""


class Scene:
    """Mail on both sides, synchronised, then changed on both; `spoil` is the server's mischief in
    the next run."""

    def __init__(self, directory, capabilities=MODERN, **settings):
        self.directory, self.settings = pathlib.Path(directory), {**IMPATIENT, **settings}
        self.server = OddServer(capabilities)
        for i in range(4):
            self.server.boxes["INBOX"].add(text(f"in {i}"), ["\\Seen"] if i % 2 else [])
        self.server.boxes["Work"] = copy.deepcopy(self.server.boxes["INBOX"])

    def prepare(self):
        """Synchronises, then changes something of everything."""
        with self.server:
            self.configure(**PATIENT)
            done = Run(self.account)
            assert done.code == 0, done.output
        inbox, account = self.server.boxes["INBOX"], self.account
        inbox.add(text("from afar", "body " * 400))
        inbox.change(2, ["\\Flagged"])
        inbox.remove(1)
        account.deliver("INBOX", text("from here"), "100.a.host")
        account.deliver("INBOX", text("from here 2"), "101.a.host")
        files = self.files_by_uid("INBOX")
        account.mark(files[3], "RS")
        self.files_by_uid("Work")[2].unlink()
        return self

    def files_by_uid(self, folder):
        return {int(m[1]): f for f in self.account.files(folder)
                if (m := re.search(r",U=(\d+)", f.name))}

    def carry_to_work(self, uid):
        """A message of INBOX, by a mail reader that keeps its name."""
        file = self.files_by_uid("INBOX")[uid]
        file.rename(self.account.box("Work") / "cur" / file.name)

    def copy(self, directory):
        """The same again, in another place."""
        shutil.copytree(self.directory, directory, symlinks=True)
        other = copy.copy(self)
        other.directory = pathlib.Path(directory)
        other.server = OddServer(self.server.capabilities)
        other.server.boxes = copy.deepcopy(self.server.boxes)
        return other

    def configure(self, **settings):
        self.account = Account(self.server, PROGRAM, self.directory,
                               **{**self.settings, **settings})

    def remote(self):
        letters = {"\\Seen": "S", "\\Answered": "R", "\\Flagged": "F", "\\Draft": "D",
                   "\\Deleted": "T"}
        return {name: collections.Counter(
            (digest(m.raw), "".join(sorted(letters.get(f, "") for f in m.flags)))
            for m in box.mails.values()) for name, box in self.server.boxes.items()}

    def outside(self):
        """What lies beside the mail and the metadata."""
        return sorted(p.name for p in self.directory.iterdir())

    def play(self, mischief, codes, healed=(0,), honest=False, **settings):
        """A run with the mischief, and runs without: how they may end. Returns what is wrong.
        `honest`: 0 means that all was done."""
        outside = self.outside()
        self.server.mischief = mischief
        with self.server:
            self.configure(**{**(IMPATIENT if TIMED_OUT in codes else PATIENT), **settings})
            first = Run(self.account)
        story = f"\nfirst run ({first.code}):\n{first.output[-2000:]}"
        if wrong := first.wrong(codes) or self.wrong(story):
            return wrong
        if self.outside() != outside:
            return f"it writes {set(self.outside()) - set(outside)}"
        if honest and first.code == 0 and (difference := self.difference()):
            return f"it ends with 0, and {difference}{story}"
        return self.heal(story, healed)

    def difference(self):
        local, remote = ({name: mail for name, mail in side.items() if name in WANTED}
                         for side in (self.local(), self.remote()))
        return f"the sides differ:\n{local}\n{remote}" if local != remote else ""

    def wrong(self, story):
        """Mail that is nowhere any more, or twice in a folder."""
        local, remote = self.local(), self.remote()
        for name, wanted in WANTED.items():
            here, there = (collections.Counter(key[0] for key in side[name].elements())
                           for side in (local, remote))
            if lost := wanted - set(here) - set(there):
                return f"{name} has lost {lost}{story}"
            if doubled := [d for side in (here, there) for d, n in side.items() if n > 1]:
                return f"{name} has {doubled} twice{story}"
        return ""

    def local(self):
        out = {}
        for name in WANTED:
            out[name] = collections.Counter()
            for file in self.account.files(name):
                flags = re.search(r":2,([A-Z]*)", file.name)
                out[name][digest(file.read_bytes()), flags[1] if flags else ""] += 1
        return out

    def heal(self, story, codes):
        """What one run without mischief cannot know the next one finds out."""
        self.server.mischief = Mischief()
        with self.server:
            self.configure(**PATIENT)
            done = Run(self.account)
            if done.code:
                done = Run(self.account)
        story += f"\nthen ({done.code}):\n{done.output}"
        if wrong := done.wrong(codes) or self.wrong(story):
            return f"afterwards {wrong}{story}"
        difference = self.difference()
        return difference and difference + story
