# SPDX-License-Identifier: Apache-2.0
"""The same random work through mbsync and offlineimap3 as through this program.

Only what all three claim to do: new messages, the four flags that all of them keep, deletions,
moves and copies as a mail reader makes them that gives the file a name of its own (mbsync asks for
that), new folders. The header fields that mbsync and offlineimap3 put into mail do not count.
Left out: keywords (mbsync has none), a deletion against a flag edit, files that
keep their `,U=` in another folder, failing system calls and power failures. The faults are kill -9
before a durable call, a connection that breaks once, and another client at the same time. Each tool
gets whatever runs it needs, up to four, to come to rest at the end.
"""
import concurrent.futures
import random
import re
import shutil
import time
from collections import Counter

import mbsync
import program
from account import PLAIN
from changes import Changes
from grounds import grounds
from relay import CutAfterBytes, CutAfterLine, LoseAnswer, Relay
from sides import digest

KINDS = {"add": 34, "change": 24, "remove": 12, "move": 12, "copy": 7, "create": 3, "both": 8}
STAMPS = re.compile(rb"^(X-TUID|X-OfflineIMAP): [^\n]*\n", re.MULTILINE)


def digest_without_stamps(raw):
    return digest(STAMPS.sub(b"", raw))


def tools():
    found = {"ours": lambda scene: [program.PROGRAM, "-o", "-c", str(scene.account.rc)]}
    if shutil.which("mbsync"):
        found["mbsync"] = lambda scene: ["mbsync", "-a", "-c", str(scene.directory / "mbsyncrc")]
    if shutil.which("offlineimap", path="/usr/bin"):
        found["offlineimap3"] = lambda scene: ["/usr/bin/offlineimap", "-o", "-c",
                                               str(scene.account.rc)]
    return found


class Contest:
    """One round of one tool."""

    def __init__(self, kind, tool, command, seed):
        self.kind, self.command, self.seed = kind, command, seed
        self.random = random.Random(seed)
        self.scene = kind.scene(f"{tool}-{seed}")
        (self.scene.directory / "mail").mkdir()
        self._connect(kind.server.port)

    def _connect(self, port):
        # Only what all of them understand.
        self.scene.configure(port, account="", remote=PLAIN)
        (self.scene.directory / "mbsyncrc").write_text(
            mbsync.configuration(port, self.scene.user, self.scene.directory, remove="None"))

    def _run(self, **faults):
        return program.run(self.scene.account, command=self.command(self.scene), **faults)

    def tell(self):
        """The kinds of mistakes that both sides show in the end."""
        left, right = self.scene.left(), self.scene.right()
        left.digest = right.digest = digest_without_stamps
        self.changes = Changes(self.seed, self.random, self.scene.model, left, right, [],
                               ("INBOX", "A", "B"), "DFRS", KINDS)
        try:
            for _ in range(5):
                self.changes.make(self.random.randrange(8))
                self.random.choice((self._whole, self._killed, self._cut, self._amid_changes))()
            for _ in range(4):
                done = self._run()
            mistakes = self._mistakes(left.state(), right.state())
        finally:
            left.close()
            right.close()
        if done.code != 0:
            mistakes.add("no run succeeds any more")
        self.scene.forget()
        return mistakes

    def _whole(self):
        self._run()
        if self._run().code == 0:
            self.scene.model.settle()

    def _killed(self):
        self._run(kill=int(2 ** self.random.uniform(0, 8.5)))

    def _cut(self):
        plan = self.random.choice((
            lambda: CutAfterLine(int(2 ** self.random.uniform(0, 7))),
            lambda: CutAfterBytes(int(2 ** self.random.uniform(0, 13)), True),
            lambda: LoseAnswer(self.random.randrange(1, 8))))()
        with Relay(self.kind.server.port, plan) as relay:
            self._connect(relay.port)
            self._run()
        self._connect(self.kind.server.port)

    def _amid_changes(self):
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            run = pool.submit(self._run)
            for _ in range(self.random.randrange(1, 8)):
                time.sleep(self.random.random() * 0.03)
                if run.done():
                    break
                self.changes.make(1)

    def _mistakes(self, *sides):
        wanted = self.scene.model.state()
        mistakes = set()
        for state in sides:
            for folder in set(wanted) | set(state):
                got, right = state.get(folder, Counter()), wanted.get(folder, Counter())
                texts, right_texts = (Counter(t for t, _ in c.elements()) for c in (got, right))
                if right_texts - texts:
                    mistakes.add("lost")
                for text in texts - right_texts:
                    mistakes.add("doubled" if text in right_texts else "undeleted or doubled")
                if texts == right_texts and got != right:
                    mistakes.add("wrong flags")
        return mistakes


def compare(rounds, first_seed):
    with grounds(("modern",), ("sqlite",), (False,)) as kinds:
        for tool, command in tools().items():
            begun, totals = time.monotonic(), Counter()

            def one(seed, tool=tool, command=command):
                return Contest(kinds[0], tool, command, seed).tell()

            with concurrent.futures.ThreadPoolExecutor(3) as pool:
                for mistakes in pool.map(one, range(first_seed, first_seed + rounds)):
                    totals.update(mistakes)
                    totals["any of these"] += bool(mistakes)
            parts = ", ".join(f"{count} {name}" for name, count in sorted(totals.items()) if count)
            print(f"{tool}: {rounds} rounds, {parts or 'all well'}, "
                  f"{time.monotonic() - begun:.0f} s", flush=True)
