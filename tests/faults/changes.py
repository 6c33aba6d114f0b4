# SPDX-License-Identifier: Apache-2.0
"""Random changes as people and their other programs make them, and the model of what they mean.

A message that was changed since the last whole run is left alone until the next one: what a second
change means then depends on what the first run, broken off, had passed on already.
"""
from model import Story
from scene import body
from sides import Maildir, digest

FOLDERS = ("INBOX", "A", "B/C")
FLAGS = "DFRSab"
KINDS = {"add": 30, "change": 22, "remove": 10, "move": 12, "copy": 6, "rename": 5, "create": 3,
         "both": 6, "against": 6, "rename_folder": 3}


class Changes:
    def __init__(self, seed, random, model, left, right, history, folders=FOLDERS, flags=FLAGS,
                 kinds=None):
        self.seed, self.random, self.model = seed, random, model
        self.folders, self.letters, self.kinds = folders, flags, kinds or KINDS
        self.left, self.right, self.history = left, right, history
        self.story, self.count = Story(model), 0

    def make(self, number):
        for _ in range(number):
            self.make_one(self.random.choice((self.left, self.right)))

    def make_one(self, side):
        name = self.random.choices(tuple(self.kinds), tuple(self.kinds.values()))[0]
        try:
            done = getattr(self, "_" + name)(side)
        except FileNotFoundError:  # the run under way was quicker
            return
        if done:
            self.history.append(f"{'left' if side is self.left else 'right'}: {name} {done}")

    # ------------------------------------------------------------------ one change each

    def _flags(self):
        return "".join(f for f in self.letters if self.random.random() < 0.25)

    def _pick(self):
        """(folder, entry) of a message that may be changed; ("", None) if there is none."""
        free = [(name, entry) for name, entries in sorted(self.model.folders.items())
                for entry in entries if not entry.touched]
        return self.random.choice(free) if free else ("", None)

    def _elsewhere(self, side, folder):
        there = [name for name in side.folders() if name != folder and name in self.model.folders]
        return self.random.choice(there) if there else ""

    def _add(self, side):
        self.count += 1
        raw = body(f"m{self.seed}-{self.count}", self.random.choice((1, 1, 1, 40)))
        folder, flags = self.random.choice(self.folders), self._flags()
        if folder in self.model.renamed:  # another folder of that name is a case for repair
            folder = "INBOX"
        self.story.add(side, folder, raw, flags)
        return f"{digest(raw)} {flags} in {folder}"

    def _create(self, side):
        name = f"N{self.random.randrange(3)}"
        self.story.create(side, name)
        return name

    def _rename_folder(self, side):
        """What was done in it since the last whole run would have no past under another name."""
        free = [name for name in side.folders() if name in self.model.folders
                and name != "INBOX" and name not in self.model.disturbed]
        if not free:
            return ""
        self.count += 1
        folder, to = self.random.choice(free), f"R{self.count}"
        self.story.rename_folder(side, folder, to)
        return f"{folder} to {to}"

    def _change(self, side):
        folder, entry = self._pick()
        if not entry:
            return ""
        add, drop = self._flags(), self._flags()
        add = "".join(set(add) - set(drop))
        done = self.story.change(side, folder, entry.digest, add, drop)
        return done and f"{entry.digest} in {folder} +{add} -{drop}"

    def _rename(self, side):
        folder, entry = self._pick()
        if not entry or not isinstance(side, Maildir):
            return ""
        return self.story.rename(side, folder, entry.digest) and f"{entry.digest} in {folder}"

    def _remove(self, side):
        folder, entry = self._pick()
        return entry and self.story.remove(side, folder, entry.digest) and (
            f"{entry.digest} from {folder}")

    def _move(self, side):
        folder, entry = self._pick()
        to = entry and self._elsewhere(side, folder)
        return to and self.story.move(side, folder, entry.digest, to) and (
            f"{entry.digest} from {folder} to {to}")

    def _copy(self, side):
        folder, entry = self._pick()
        to = entry and self._elsewhere(side, folder)
        return to and self.story.copy(side, folder, entry.digest, to) and (
            f"{entry.digest} from {folder} to {to}")

    def _both(self, side):
        """Another flag on each side."""
        folder, entry = self._pick()
        if not entry:
            return ""
        one, two = self.random.sample(self.letters, 2)
        other = self.right if side is self.left else self.left
        for where, flag in ((side, one), (other, two)):
            if flag in entry.flags:
                self.story.change(where, folder, entry.digest, "", flag)
            else:
                self.story.change(where, folder, entry.digest, flag)
        return f"{entry.digest} in {folder} {one}, {two} on the other side"

    def _against(self, side):
        """Deleted here, marked there: the deletion wins. Where the same text is elsewhere too, and is
        moved, nobody can tell which of them went."""
        folder, entry = self._pick()
        if not entry or sum(self.model.holds(name, entry.digest)
                            for name in list(self.model.folders)) > 1:
            return ""
        other = self.right if side is self.left else self.left
        self.story.change(other, folder, entry.digest, self._flags())
        return self.story.remove(side, folder, entry.digest) and f"{entry.digest} in {folder}"
