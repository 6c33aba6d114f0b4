# SPDX-License-Identifier: Apache-2.0
"""Random work without any regard: messages are changed again and again, on both sides, before,
between and during broken runs. What the right end is cannot be told then, but that both sides are
equal, that nothing is lost which nobody deleted, and that nothing is there more often than somebody
made it be."""
import dataclasses
from collections import Counter

import program
from random_work import Round
from model import difference
from scene import body
from sides import Maildir, digest

FOLDERS = ("INBOX", "A", "B/C")
FLAGS = "DFRSab"
# Under an old name: it is left alone until the user has said that it is meant.
ANOTHER_FOLDER = "UID validity problem"
KINDS = {"add": 20, "change": 30, "remove": 8, "move": 20, "copy": 5, "rename": 8, "create": 2,
         "rename_folder": 2}


@dataclasses.dataclass
class Fate:
    removed: bool = False
    most: int = 1  # a message that is moved or written anew on both sides is two messages then


class WildChanges:
    def __init__(self, seed, random, left, right, history):
        self.seed, self.random, self.history = seed, random, history
        self.sides, self.left, self.count = (left, right), left, 0
        self.fates = {}

    def make(self, number):
        for _ in range(number):
            side = self.random.choice(self.sides)
            name = self.random.choices(tuple(KINDS), tuple(KINDS.values()))[0]
            try:
                done = getattr(self, "_" + name)(side)
            except FileNotFoundError:  # the run under way was quicker
                continue
            if done:
                self.history.append(f"{'left' if side is self.left else 'right'}: {name} {done}")

    def _flags(self):
        return "".join(f for f in FLAGS if self.random.random() < 0.25)

    def _pick(self, side):
        folder = self.random.choice(sorted(side.folders()) or ["INBOX"])
        mails = side.mails(folder) if folder in side.folders() else []
        return (folder, self.random.choice(mails)) if mails else (folder, None)

    def _add(self, side):
        self.count += 1
        raw = body(f"w{self.seed}-{self.count}", self.random.choice((1, 1, 1, 40)))
        folder = self.random.choice(FOLDERS)
        self.fates[digest(raw)] = Fate()
        side.add(folder, raw, self._flags())
        return f"{digest(raw)} in {folder}"

    def _create(self, side):
        name = f"N{self.random.randrange(3)}"
        side.create(name)
        return name

    def _rename_folder(self, side):
        """What is under way to or from it then may be there twice."""
        free = [name for name in side.folders() if name != "INBOX"]
        if not free:
            return ""
        self.count += 1
        folder, to = self.random.choice(free), f"R{self.count}"
        for mail in side.mails(folder):
            self.fates[mail.digest].most += 1
        side.rename_folder(folder, to)
        return f"{folder} to {to}"

    def _change(self, side):
        folder, mail = self._pick(side)
        if not mail:
            return ""
        flags = self._flags()
        side.change(folder, mail, flags)
        return f"{mail.digest} in {folder} to {flags}"

    def _remove(self, side):
        folder, mail = self._pick(side)
        if not mail:
            return ""
        self.fates[mail.digest].removed = True
        side.remove(folder, mail)
        return f"{mail.digest} from {folder}"

    def _rename(self, side):
        folder, mail = self._pick(side)
        if not mail or not isinstance(side, Maildir):
            return ""
        self.fates[mail.digest].most += 1
        side.rename(folder, mail)
        return f"{mail.digest} in {folder}"

    def _to_another(self, side, act):
        folder, mail = self._pick(side)
        to = self.random.choice(sorted(side.folders()) or [folder])
        if not mail or to == folder:
            return ""
        self.fates[mail.digest].most += 1
        act(folder, mail, to)
        return f"{mail.digest} from {folder} to {to}"

    def _move(self, side):
        return self._to_another(side, side.move)

    def _copy(self, side):
        return self._to_another(side, side.copy)


class WildRound(Round):
    def _changes(self, left, right):
        changes = WildChanges(self.seed, self.random, left, right, self.history)
        self.scene.wrong = lambda: self._wrong(left, right, changes.fates)
        heal = self.scene.heal
        self.scene.heal = lambda: self._heal(heal)
        return changes

    def _ended(self, name, done, codes):
        waits = (2,) if ANOTHER_FOLDER in done.output else ()
        return super()._ended(name, done, (*codes, *waits))

    def _part(self):
        wrong = super()._part()
        return "" if ANOTHER_FOLDER in wrong else wrong

    def _amid_changes(self):
        wrong = super()._amid_changes()
        return "" if ANOTHER_FOLDER in wrong else wrong

    def _heal(self, heal):
        wrong = heal()
        if ANOTHER_FOLDER not in wrong:
            return wrong
        command = [program.PROGRAM, "repair", "-c", str(self.scene.account.rc)]
        repaired = program.run(self.scene.account, command=command)
        return heal() if repaired.code == 0 else f"the repair ends with {repaired.code}:\n{repaired.output}"

    def _wrong(self, left, right, fates):
        states = left.state(), right.state()
        lines = [difference(*states)]
        for side, state in zip(("left", "right"), states):
            counts = Counter(text for mails in state.values() for text, _ in mails.elements())
            for text, fate in fates.items():
                if not counts[text] and not fate.removed:
                    lines.append(f"{side}: {text} is lost")
                if counts[text] > fate.most:
                    lines.append(f"{side}: {text} is there {counts[text]} times")
        return "\n".join(filter(None, lines))
