# SPDX-License-Identifier: Apache-2.0
"""A prepared account that is copied as often as there are places to break a run."""
import pathlib
import re
import shutil
import subprocess

import program
from account import MAILDIR, PLAIN, Account, text
from dovecot import PASSWORD, Dovecot
from model import Model, Story, difference
from sides import MAILDIR_OPTIONS, Imap, Maildir, digest

ANYBODY = f"passdb {{\n  driver = static\n  args = password={PASSWORD}\n}}"
PLAIN_SERVER = ["QRESYNC", "CONDSTORE", "LIST-STATUS", "LIST-EXTENDED", "UIDPLUS", "MOVE",
                "LITERAL+", "MULTIAPPEND", "ENABLE", "ESEARCH", "SEARCHRES", "NAMESPACE",
                "SPECIAL-USE", "ID", "IDLE", "UNSELECT", "BINARY", "SASL-IR", "COMPRESS=DEFLATE"]
SERVERS = {"modern": [], "without UIDPLUS": ["UIDPLUS"], "without MOVE": ["MOVE"],
           "without QRESYNC": ["QRESYNC"], "without CONDSTORE": ["QRESYNC", "CONDSTORE"],
           "plain": PLAIN_SERVER}
STORES = ("sqlite", "plain", "lmdb")
CHANGES = re.compile(rb"^\S+ (APPEND|CREATE|UID STORE|UID MOVE|UID COPY|UID EXPUNGE|EXPUNGE)",
                     re.MULTILINE)


def store_is_there(name):
    plugins = pathlib.Path(program.PROGRAM).resolve().parent.parent / "lib" / "offlineimap" / "plugins-1"
    return (plugins / f"status-{name}.so").exists()


class Scene:
    """One account: a directory of its own, a user of the server (two between servers)."""

    def __init__(self, kind, name):
        self.kind, self.name = kind, name
        self.user = f"{kind.directory.name}-{name}"
        self.directory = kind.directory / name
        self.account = None
        self.model = Model()

    def configure(self, port=None, left_port=None, **settings):
        """The ports are those of relays, if there are any."""
        kind = self.kind
        self.directory.mkdir(exist_ok=True)
        store, local = MAILDIR.format(dir=self.directory), MAILDIR_OPTIONS
        if kind.between_servers:
            store = (f"type = IMAP\nremotehost = 127.0.0.1\nremoteport = {left_port or kind.server.port}\n"
                     f"remoteuser = {self.user}-left\nremotepass = {PASSWORD}")
            local = PLAIN
        values = {"port": port or kind.server.port, "ui": "basic", "store": store, "local": local,
                  "account": f"status_backend = {kind.store}\nmax_deletes = unlimited",
                  "general": "socktimeout = 5\n" + kind.general}
        self.account = Account(kind.server, program.PROGRAM, self.directory, self.user,
                               **{**values, **settings})
        return self

    def left(self, random=None):
        if self.kind.between_servers:
            return Imap(self.kind.server.port, self.user + "-left")
        return Maildir(self.directory / "mail", random)

    def right(self):
        return Imap(self.kind.server.port, self.user)

    def run(self, *arguments, **faults):
        return program.run(self.account, *arguments, **faults)

    # ------------------------------------------------------------------ what must hold

    def wrong(self):
        """How the two sides and the model differ; empty when they do not."""
        left, right = self.left(), self.right()
        try:
            wanted = self.model.state()
            parts = {"local": difference(left.state(), wanted),
                     "remote": difference(right.state(), wanted)}
        finally:
            left.close()
            right.close()
        return "\n".join(f"{side}: {line}" for side, lines in parts.items()
                         for line in lines.splitlines())

    def heal(self):
        """One run heals, the next does nothing. Returns what is wrong."""
        first = self.run()
        if first.code != 0:
            return f"the next run ends with {first.code}:\n{first.output}"
        if wrong := self.wrong():
            return f"{wrong}\n{first.output}"
        second = self.run()
        if second.code != 0:
            return f"the second run ends with {second.code}:\n{second.output}"
        if busy := self._changes(second.calls):
            return f"the second run is not idle: {busy}\n{second.output}"
        return ""

    def _changes(self, calls):
        mail = str(self.directory / "mail")
        inodes = {str(p.stat().st_ino) for p in pathlib.Path(mail).rglob("*")}
        return [str(call) for call in calls
                if (call.name == "send" and CHANGES.search(call.data))
                or (call.name != "send" and call.fields[0] in inodes)]

    # ------------------------------------------------------------------ copies

    def _users(self):
        names = [self.user] + ([self.user + "-left"] if self.kind.between_servers else [])
        return [self.kind.server.directory / "mail" / name for name in names]

    def copy(self, name, **settings):
        other = Scene(self.kind, f"{self.name}-{name}")
        other.forget()
        for source, target in zip([self.directory, *self._users()],
                                  [other.directory, *other._users()]):
            if source.exists():
                subprocess.run(["cp", "-a", str(source), str(target)], check=True)
        other.model = self.model.copy()
        return other.configure(**settings)

    def forget(self):
        for path in [self.directory, *self._users()]:
            shutil.rmtree(path, ignore_errors=True)


class Kind:
    """What scenes have in common: a running server, the status store, what the left side is."""

    def __init__(self, name, directory, server, store="sqlite", between_servers=False, general=""):
        self.name, self.directory = name, pathlib.Path(directory)
        self.server, self.store, self.between_servers = server, store, between_servers
        self.general = general
        self.directory.mkdir(exist_ok=True)

    def __str__(self):
        return self.name

    def scene(self, name):
        scene = Scene(self, name).configure()
        scene.model.folder("INBOX")
        return scene


def serve(directory, hide=()):
    return Dovecot(directory, hide=hide, extra=ANYBODY)


# ---------------------------------------------------------------------- the mixed run

def body(name, lines=1):
    return text(name, "\r\n".join([f"{name} größe \xff"] * lines))


def mixed(kind, name="template"):
    """An account in which something of everything happened on both sides since the last run."""
    scene = kind.scene(name)
    left, right = scene.left(), scene.right()
    story = Story(scene.model)
    texts = {}

    def add(side, folder, subject, flags="", lines=1):
        raw = body(subject, lines)
        texts[subject] = digest(raw)
        story.add(side, folder, raw, flags)

    def must(done):
        assert done

    for i in range(12):
        add(right, "INBOX", f"in {i}", "S" if i % 2 else "")
    add(right, "Work/Deep", "deep", "FR")
    add(right, "Archive", "old", "Sab")
    add(left, "Archive", "older")
    first = scene.run()
    assert first.code == 0, first.output
    assert not scene.heal()

    inbox = [texts[f"in {i}"] for i in range(12)]
    add(right, "INBOX", "from afar", "F")
    add(right, "Made there", "far and new", lines=60)
    add(left, "INBOX", "from here", "Sa")
    add(left, "Archive", "from here too", lines=60)
    add(left, "Made here", "near and new")
    must(story.change(right, "INBOX", inbox[0], "Sb"))
    must(story.change(left, "INBOX", inbox[0], "F"))
    must(story.change(left, "INBOX", inbox[1], "R", "S"))
    must(story.change(right, "Archive", texts["old"], "", "a"))
    must(story.change(right, "INBOX", inbox[2], "F"))
    must(story.remove(left, "INBOX", inbox[2]))
    must(story.remove(right, "INBOX", inbox[3]))
    must(story.remove(right, "INBOX", inbox[4]))
    must(story.move(left, "INBOX", inbox[5], "Archive"))
    must(story.move(right, "INBOX", inbox[6], "Work/Deep"))
    must(story.copy(left, "INBOX", inbox[7], "Work/Deep"))
    must(story.copy(right, "INBOX", inbox[8], "Archive"))
    must(story.remove(left, "Archive", texts["older"]))
    story.create(right, "Empty there")
    left.close()
    right.close()
    return scene


def fresh(kind, name="fresh"):
    """An account that was never synchronised, with other mail on both sides."""
    scene = kind.scene(name)
    left, right = scene.left(), scene.right()
    story = Story(scene.model)
    for i in range(3):
        story.add(right, "INBOX", body(f"far {i}"), "S" if i else "")
        story.add(left, "INBOX", body(f"near {i}"), "F" if i else "")
        story.add(left, "Made here", body(f"here {i}"))
        story.add(right, "Made there", body(f"there {i}"), "b")
    left.close()
    right.close()
    return scene
