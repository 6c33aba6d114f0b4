# SPDX-License-Identifier: Apache-2.0
"""Random work: changes on both sides, faults in between and during runs, a model at the end."""
import concurrent.futures
import errno
import itertools
import random
import time

from account import PLAIN
from changes import Changes
from disk import Disk
from points import check_all
from power import ALL, NAMES, NOTHING, SOME, lose
from relay import CutAfterBytes, CutAfterLine, LoseAnswer, Relay

EPISODES = 5


class Round:
    def __init__(self, kinds, seed):
        self.seed, self.random = seed, random.Random(seed)
        self.kind = self.random.choice(kinds)
        self.scene = self.kind.scene(f"r{seed}")
        self.history = [f"seed {seed}: {self.kind}"]
        self.remote = PLAIN + self.random.choice(("", "\nmaxconnections = 3"))
        self._connect()

    def tell(self):
        """What is wrong in the end, empty when nothing is."""
        left, right = self.scene.left(self.random), self.scene.right()
        self.changes = self._changes(left, right)
        try:
            wrong = self._story()
        finally:
            left.close()
            right.close()
        if wrong:
            return wrong + "\n" + "\n".join(self.history)
        self.scene.forget()
        return ""

    def _changes(self, left, right):
        return Changes(self.seed, self.random, self.scene.model, left, right, self.history)

    def _connect(self, **ports):
        self.scene.configure(remote=self.remote, **ports)

    def _story(self):
        for _ in range(EPISODES):
            self.changes.make(self.random.randrange(8))
            fault = self.random.choice(
                (self._whole, self._part, self._killed, self._terminated, self._without_power,
                 self._failing, self._cut, self._amid_changes))
            if wrong := fault():
                return wrong
        return self.scene.heal()

    def _ended(self, name, done, codes):
        self.history.append(f"{name}: ended with {done.code}")
        if done.code not in codes:
            return f"{name} ends with {done.code}\n{done.output}"
        if done.code != 0:
            return ""
        if wrong := self.scene.wrong():
            return f"{name} claims success, but\n{wrong}\n{done.output}"
        self.scene.model.settle()
        return ""

    def _whole(self):
        return self._ended("a whole run", self.scene.run(), (0,))

    def _part(self):
        """Not all of it: nothing is known afterwards, but that it did no harm."""
        arguments = self.random.choice((["-q"], ["-f", "INBOX"], ["-f", "A,B/C"], ["--dry-run"]))
        done = self.scene.run(*arguments)
        self.history.append(f"{arguments}: ended with {done.code}")
        return "" if done.code == 0 or "-f" in arguments else f"{arguments}\n{done.output}"

    def _terminated(self):
        after = 0.002 + self.random.random() * 0.1
        return self._ended(f"asked to end after {after:.3f} s",
                           self.scene.run(terminate_after=after), (0, 143, -15))

    def _without_power(self):
        kill = int(2 ** self.random.uniform(2, 8.5))
        mode = self.random.choice((NOTHING, NAMES, ALL, SOME))
        disk = Disk(self.scene.directory)
        done = self.scene.run(kill=kill)
        if done.code != 0:
            disk.play(done.calls)
            lose(disk, mode, self.random.random())
            disk.write_to(self.scene.directory)
        return self._ended(f"no power before call {kill}, {mode}", done, (0, -9))

    def _killed(self):
        kill, tear = int(2 ** self.random.uniform(0, 8.5)), self.random.random() < 0.3
        faults = {"tear": 1} if tear else {}
        return self._ended(f"kill before call {kill}{', torn' if tear else ''}",
                           self.scene.run(kill=kill, **faults), (0, -9))

    def _failing(self):
        number = int(2 ** self.random.uniform(0, 9))
        name = self.random.choice(("EIO", "ENOSPC", "EACCES", "EMFILE"))
        mode = self.random.choice(("", "", ":on"))
        return self._ended(f"{name} at call {number}{mode}",
                           self.scene.run(fail=f"{number}:{getattr(errno, name)}{mode}"),
                           (0, 1, 3))

    def _cut(self):
        plan = self.random.choice((
            lambda: CutAfterLine(int(2 ** self.random.uniform(0, 7))),
            lambda: CutAfterBytes(int(2 ** self.random.uniform(0, 13)), True),
            lambda: CutAfterBytes(int(2 ** self.random.uniform(0, 13)), False),
            lambda: LoseAnswer(self.random.randrange(1, 8))))()
        once, abrupt = self.random.random() < 0.5, self.random.random() < 0.5
        side = self.random.choice(("port", "left_port"))
        with Relay(self.kind.server.port, plan, once, abrupt) as relay:
            self._connect(**{side: relay.port})
            done = self.scene.run()
            self._connect()
        return self._ended(f"{type(plan).__name__} {vars(plan)}", done, (0, 1, 5))

    def _amid_changes(self):
        """Another client and a mail reader change the account while the run is under way."""
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            run = pool.submit(self.scene.run)
            time.sleep(self.random.random() * 0.05)
            for _ in range(self.random.randrange(1, 8)):
                if run.done():
                    break
                self.history.append("meanwhile")
                self.changes.make(1)
            done = run.result()
        self.history.append(f"amid changes: ended with {done.code}")
        return "" if done.code in (0, 1) else f"amid changes: ends with {done.code}\n{done.output}"


def work(kinds, first_seed, rounds=0, seconds=0, make=Round, name="random"):
    """So many rounds, or for so long."""
    begun = time.monotonic()

    def seeds():
        for seed in itertools.count(first_seed):
            if (rounds and seed >= first_seed + rounds) or (
                    seconds and time.monotonic() - begun > seconds):
                return
            yield seed

    return check_all(name, seeds(), lambda seed: make(kinds, seed).tell())
