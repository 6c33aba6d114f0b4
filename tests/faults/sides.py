# SPDX-License-Identifier: Apache-2.0
"""The two kinds of places that hold mail, as another program sees and changes them.

Both speak of a message as (handle, text digest, flags); flags are Maildir's letters in order, with
the letters of KEYWORDS for keywords.
"""
import collections
import dataclasses
import hashlib
import imaplib
import itertools
import os
import re
import time

from dovecot import PASSWORD

KEYWORDS = {"a": "$Label1", "b": "work"}
NAMES = {"D": "\\Draft", "F": "\\Flagged", "R": "\\Answered", "S": "\\Seen", **KEYWORDS}
LETTERS = {name: letter for letter, name in NAMES.items()}
MAILDIR_OPTIONS = "\n".join(f"customflag_{k} = {v}" for k, v in KEYWORDS.items())


@dataclasses.dataclass(frozen=True)
class Mail:
    handle: object
    digest: str
    flags: str


def digest(raw):
    return hashlib.sha256(raw.replace(b"\r\n", b"\n")).hexdigest()[:12]


def in_order(letters):
    return "".join(sorted(set(letters)))


class Side:
    digest = staticmethod(digest)

    def state(self):
        """{folder: Counter of (digest, flags)}; an empty folder counts too."""
        return {name: collections.Counter((m.digest, m.flags) for m in self.mails(name))
                for name in self.folders()}

    def close(self):
        pass


class Imap(Side):
    """A second client of the account."""

    def __init__(self, port, user):
        self.port, self.user = port, user
        self._connect()

    def _connect(self):
        self.connection = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        self.connection.login(self.user, PASSWORD)
        self.capabilities = set(self.connection.capability()[1][0].decode().split())

    def close(self):
        try:
            self.connection.logout()
        except (OSError, imaplib.IMAP4.error):
            pass

    def _do(self, method, *arguments):
        kind, data = getattr(self.connection, method)(*arguments)
        if kind != "OK":
            raise RuntimeError(f"{method} {arguments}: {kind} {data}")
        return data

    def folders(self):
        lines = [line for line in self._do("list") if line and b"\\No" not in line]
        return sorted(re.search(rb'"[/.]" (.*)$', line)[1].strip(b'"').decode() for line in lines)

    def create(self, folder):
        self.connection.create(f'"{folder}"')

    def rename_folder(self, folder, to):
        if self.connection.state == "SELECTED":  # Dovecot hangs up on who goes on with the old name
            self._do("unselect")
        self._do("rename", f'"{folder}"', f'"{to}"')

    def mails(self, folder):
        if self._do("select", f'"{folder}"') == [b"0"]:
            return []
        mails = []
        for item in self._do("fetch", "1:*", "(UID FLAGS BODY.PEEK[])"):
            if not isinstance(item, tuple):
                continue
            uid = re.search(rb"UID (\d+)", item[0])[1].decode()
            names = re.search(rb"FLAGS \(([^)]*)\)", item[0])[1].decode().split()
            letters = in_order(LETTERS[n] for n in names if n in LETTERS)
            mails.append(Mail(uid, self.digest(item[1]), letters))
        return mails

    def add(self, folder, raw, flags=""):
        self.connection.create(f'"{folder}"')
        self.connection.literal = None
        wire = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        names = "(" + " ".join(NAMES[f] for f in flags) + ")" if flags else ""
        try:
            self._do("append", f'"{folder}"', names, None, wire)
        except imaplib.IMAP4.abort:  # Dovecot ends sessions whose folder was renamed by another
            self._connect()
            if all(mail.digest != self.digest(raw) for mail in self.mails(folder)):
                self._do("append", f'"{folder}"', names, None, wire)

    def change(self, folder, mail, flags):
        """Gives the message exactly these flags."""
        self._do("select", f'"{folder}"')
        for sign, letters in (("+", set(flags) - set(mail.flags)),
                              ("-", set(mail.flags) - set(flags))):
            if letters:
                names = " ".join(NAMES[f] for f in sorted(letters))
                self._do("uid", "STORE", mail.handle, sign + "FLAGS.SILENT", f"({names})")

    def remove(self, folder, mail):
        self._do("select", f'"{folder}"')
        self._do("uid", "STORE", mail.handle, "+FLAGS.SILENT", "(\\Deleted)")
        if "UIDPLUS" in self.capabilities:
            self._do("uid", "EXPUNGE", mail.handle)
        else:
            self._do("expunge")

    def copy(self, folder, mail, to):
        self._do("select", f'"{folder}"')
        self._do("uid", "COPY", mail.handle, f'"{to}"')

    def move(self, folder, mail, to):
        if "MOVE" in self.capabilities:
            self._do("select", f'"{folder}"')
            self._do("uid", "MOVE", mail.handle, f'"{to}"')
        else:
            self.copy(folder, mail, to)
            self.remove(folder, mail)


class Maildir(Side):
    """Folders that mail readers work in. `random` decides about what readers do differently."""
    _count = itertools.count(1)

    def __init__(self, root, random=None):
        self.root, self.random = root, random

    def _path(self, folder):
        return self.root / folder.replace("/", ".")

    def folders(self):
        if not self.root.is_dir():
            return []
        return sorted(entry.name.replace(".", "/") for entry in os.scandir(self.root)
                      if os.path.isdir(f"{entry.path}/cur") and os.path.isdir(f"{entry.path}/new"))

    def create(self, folder):
        for part in ("tmp", "new", "cur"):
            (self._path(folder) / part).mkdir(parents=True, exist_ok=True)

    def rename_folder(self, folder, to):
        os.rename(self._path(folder), self._path(to))

    def mails(self, folder):
        mails = []
        for part in ("new", "cur"):
            for entry in sorted(os.scandir(self._path(folder) / part), key=lambda e: e.name):
                try:
                    with open(entry.path, "rb") as file:
                        raw = file.read()
                except FileNotFoundError:  # renamed by a run that is under way
                    continue
                info = re.search(r":2,([A-Za-z]*)$", entry.name)
                letters = in_order(c for c in (info[1] if info else "") if c in NAMES)
                mails.append(Mail(f"{part}/{entry.name}", self.digest(raw), letters))
        return mails

    def _unique(self):
        return f"{time.time_ns() // 1000000}.{os.getpid()}_{next(self._count)}.reader"

    def _chance(self):
        return self.random is not None and self.random.random() < 0.5

    def add(self, folder, raw, flags=""):
        self.create(folder)
        part = "cur" if flags or self._chance() else "new"
        info = ":2," + in_order(flags) if part == "cur" else ""
        name = self._unique()
        temporary = self._path(folder) / "tmp" / name
        temporary.write_bytes(raw.replace(b"\r\n", b"\n"))
        temporary.rename(self._path(folder) / part / (name + info))

    def _rename(self, folder, mail, to, flags, keeps):
        old = self._path(folder) / mail.handle
        base = old.name.split(":2,")[0] if keeps else self._unique()
        part = "cur" if flags or mail.handle.startswith("cur/") else "new"
        info = ":2," + in_order(flags) if part == "cur" else ""
        os.rename(old, self._path(to) / part / (base + info))

    def change(self, folder, mail, flags):
        self._rename(folder, mail, folder, flags, True)

    def rename(self, folder, mail):
        """As a reader that writes the file anew, under a name of its own."""
        self._rename(folder, mail, folder, mail.flags, False)

    def remove(self, folder, mail):
        os.unlink(self._path(folder) / mail.handle)

    def copy(self, folder, mail, to):
        raw = (self._path(folder) / mail.handle).read_bytes()
        target = self._path(to) / mail.handle
        if self._chance() and not target.exists():  # as cp does
            target.write_bytes(raw)
        else:
            self.add(to, raw, mail.flags)

    def move(self, folder, mail, to):
        self._rename(folder, mail, to, mail.flags, self._chance())
