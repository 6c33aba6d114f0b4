# SPDX-License-Identifier: Apache-2.0
"""What both sides must hold in the end, and changes that are made to a side and to this alike."""
import collections
import dataclasses

from sides import digest, in_order


@dataclasses.dataclass
class Expected:
    digest: str
    flags: str
    touched: bool = True  # since the last whole run: who changes it again may be contradicted


class Model:
    def __init__(self):
        self.folders = {}
        self.renamed = set()  # the names that folders had before, since the last whole run
        self.disturbed = set()  # folders in which something happened since the last whole run

    def copy(self):
        other = Model()
        other.folders = {name: [dataclasses.replace(e) for e in entries]
                         for name, entries in self.folders.items()}
        other.disturbed, other.renamed = set(self.disturbed), set(self.renamed)
        return other

    def state(self):
        return {name: collections.Counter((e.digest, e.flags) for e in entries)
                for name, entries in self.folders.items()}

    def folder(self, name):
        return self.folders.setdefault(name, [])

    def rename_folder(self, name, to):
        """The other side keeps the old name, empty."""
        self.folder(to).extend(self.folder(name))
        self.folders[name] = []
        self.renamed.add(name)
        for entry in self.folders[to]:
            entry.touched = True

    def holds(self, folder, text):
        return any(e.digest == text for e in self.folder(folder))

    def settle(self):
        """A whole run without a complaint is over: both sides are known to be equal."""
        self.disturbed.clear()
        self.renamed.clear()
        for entries in self.folders.values():
            for entry in entries:
                entry.touched = False


class Story:
    """Changes of a side. Each returns whether it could be made."""

    def __init__(self, model):
        self.model = model

    def create(self, side, folder):
        side.create(folder)
        self.model.folder(folder)
        self.model.disturbed.add(folder)

    def rename_folder(self, side, folder, to):
        side.rename_folder(folder, to)
        self.model.rename_folder(folder, to)
        self.model.disturbed |= {folder, to}

    def add(self, side, folder, raw, flags=""):
        side.add(folder, raw, flags)
        self.model.disturbed.add(folder)
        self.model.folder(folder).append(Expected(digest(raw), in_order(flags)))

    def _find(self, side, folder, text):
        mail = next((m for m in side.mails(folder) if m.digest == text), None)
        entry = next((e for e in self.model.folder(folder) if e.digest == text), None)
        self.model.disturbed.add(folder)
        return (mail, entry) if mail and entry else (None, None)

    def change(self, side, folder, text, add="", drop=""):
        mail, entry = self._find(side, folder, text)
        if not mail:
            return False
        side.change(folder, mail, in_order((set(mail.flags) | set(add)) - set(drop)))
        entry.flags = in_order((set(entry.flags) | set(add)) - set(drop))
        entry.touched = True
        return True

    def rename(self, side, folder, text):
        mail, entry = self._find(side, folder, text)
        if not mail:
            return False
        side.rename(folder, mail)
        entry.touched = True
        return True

    def remove(self, side, folder, text):
        mail, entry = self._find(side, folder, text)
        if not mail:
            return False
        side.remove(folder, mail)
        self.model.folder(folder).remove(entry)
        return True

    def move(self, side, folder, text, to):
        mail, entry = self._find(side, folder, text)
        if not mail or folder == to or self.model.holds(to, text):
            return False
        side.move(folder, mail, to)
        self.model.disturbed.add(to)
        self.model.folder(folder).remove(entry)
        self.model.folder(to).append(Expected(text, entry.flags))
        return True

    def copy(self, side, folder, text, to):
        mail, entry = self._find(side, folder, text)
        if not mail or folder == to or self.model.holds(to, text):
            return False
        side.copy(folder, mail, to)
        self.model.disturbed.add(to)
        self.model.folder(to).append(Expected(text, entry.flags))
        entry.touched = True
        return True


def difference(got, wanted):
    """A text that says what is wrong, empty when nothing is."""
    lines = []
    for name in sorted(set(got) | set(wanted)):
        if name not in got or name not in wanted:
            lines.append(f"folder {name}: {'unexpected' if name in got else 'missing'}")
            continue
        for mail, count in sorted((got[name] - wanted[name]).items()):
            lines.append(f"{name}: {count} too many of {mail}")
        for mail, count in sorted((wanted[name] - got[name]).items()):
            lines.append(f"{name}: {count} missing of {mail}")
    return "\n".join(lines)
