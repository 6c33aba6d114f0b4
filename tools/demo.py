#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""demo.py OFFLINEIMAP: two synchronisations of a sample account, to look at.

A private mail server is started on loopback and filled; its account is synchronised into a Maildir;
both sides are changed; they are synchronised again. Each time both sides are compared, message by
message; the exit code is 0 only when they are equal. Nothing is left behind.
"""
import base64
import collections
import hashlib
import imaplib
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "server"))
import dovecot  # noqa: E402

USER = "joe"
ATTACHMENT = 30_000_000

CONFIGURATION = """[general]
accounts = demo
metadata = {folder}/metadata

[Account demo]
localrepository = demo-local
remoterepository = demo-remote

[Repository demo-local]
type = Maildir
localfolders = {folder}/Maildir

[Repository demo-remote]
type = IMAP
remotehost = localhost
remoteport = {port}
remoteuser = {user}
remotepass = {password}
sslcacertfile = {certificate}
"""


def title(text):
    print(f"\n\033[1m{text}\033[0m" if sys.stdout.isatty() else f"\n{text}", flush=True)


def message(subject, body="", extra=""):
    """One mail with CRLF line ends. Its Message-ID is made from the subject, so it can be found."""
    name = hashlib.sha256(subject.encode()).hexdigest()[:16]
    word = base64.b64encode(subject.encode()).decode()
    text = (f"From: Ann <ann@example.org>\nTo: Joe <joe@example.org>\nMessage-ID: <{name}@demo>\n"
            f"Date: Thu, 01 Oct 2026 12:00:00 +0000\nSubject: =?utf-8?B?{word}?=\n{extra}\n{body}")
    return text.replace("\n", "\r\n").encode()


def with_attachment(subject, size):
    noise = random.Random(1).randbytes(size * 3 // 4)
    return message(subject, base64.encodebytes(noise).decode(),
                   "MIME-Version: 1.0\nContent-Type: application/octet-stream; name=film.bin\n"
                   "Content-Transfer-Encoding: base64\n")


def encode_name(name):
    """Modified UTF-7 (RFC 3501 section 5.1.3)."""
    def shift(match):
        if match[0] == "&":
            return "&-"
        packed = base64.b64encode(match[0].encode("utf-16-be")).decode().rstrip("=")
        return "&" + packed.replace("/", ",") + "-"
    return re.sub(r"&|[^\x20-\x7e]+", shift, name)


def decode_name(name):
    """A name for a person, and one spelling of it for both sides."""
    def unshift(match):
        packed = match[1].replace(",", "/")
        packed += "=" * (-len(packed) % 4)
        return base64.b64decode(packed).decode("utf-16-be") or "&"
    return re.sub(r"&([A-Za-z0-9+,]*)-", unshift, name)


class Account:
    """The account on the server, by an IMAP client that has nothing to do with ours."""

    def __init__(self, server):
        self.connection = imaplib.IMAP4("127.0.0.1", server.port)
        self.connection.login(USER, dovecot.PASSWORD)

    def close(self):
        self.connection.logout()

    def check(self, answer):
        if answer[0] != "OK":
            raise RuntimeError(f"the sample account: {answer}")
        return answer[1]

    def create(self, folder):
        self.check(self.connection.create(f'"{encode_name(folder)}"'))

    def append(self, folder, text, flags=""):
        self.check(self.connection.append(f'"{encode_name(folder)}"', f"({flags})", None, text))

    def select(self, folder):
        self.check(self.connection.select(f'"{encode_name(folder)}"'))

    def find(self, folder, subject):
        self.select(folder)
        name = hashlib.sha256(subject.encode()).hexdigest()[:16]
        found = self.check(self.connection.uid("SEARCH", "HEADER", "Message-ID", name))[0]
        return found.decode().split()[0]

    def store(self, folder, subject, change, flags):
        number = self.find(folder, subject)
        self.check(self.connection.uid("STORE", number, change, f"({flags})"))

    def delete(self, folder, subject):
        self.store(folder, subject, "+FLAGS", "\\Deleted")
        self.check(self.connection.expunge())

    def contents(self):
        """Each folder with its messages: (digest of the text with LF, letters of its flags)."""
        letters = {"\\Draft": "D", "\\Flagged": "F", "\\Answered": "R", "\\Seen": "S"}
        found = {}
        for line in self.check(self.connection.list()):
            name = re.match(rb'\([^)]*\) "." "?(.*?)"?$', line)[1].decode()
            count = self.check(self.connection.select(f'"{name}"', readonly=True))[0]
            box = found.setdefault(decode_name(name).replace("/", "."), collections.Counter())
            if count == b"0":
                continue
            for part in self.check(self.connection.fetch("1:*", "(FLAGS BODY.PEEK[])")):
                if not isinstance(part, tuple):
                    continue
                flags = re.search(rb"FLAGS \(([^)]*)\)", part[0])[1].decode().split()
                text = hashlib.sha256(part[1].replace(b"\r\n", b"\n")).hexdigest()
                box[text, "".join(sorted(letters[f] for f in flags if f in letters))] += 1
        return found


class Maildir:
    """The other side, read by nothing but its rules."""

    def __init__(self, root):
        self.root = root

    def files(self, folder):
        for part in ("cur", "new"):
            yield from sorted((self.root / folder / part).glob("*"))

    def find(self, folder, subject):
        name = hashlib.sha256(subject.encode()).hexdigest()[:16].encode()
        for path in self.files(folder):
            if name in path.read_bytes()[:2000]:
                return path
        raise RuntimeError(f"the Maildir has no {subject!r} in {folder}")

    def flag(self, folder, subject, letters):
        path = self.find(folder, subject)
        base, _, old = path.name.partition(":2,")
        path.rename(path.parent.parent / "cur" / f"{base}:2,{''.join(sorted(set(old + letters)))}")

    def add(self, folder, text):
        (self.root / folder / "new" / f"{int(time.time())}.demo.host").write_bytes(
            text.replace(b"\r\n", b"\n"))

    def move(self, folder, subject, target):
        path = self.find(folder, subject)
        path.rename(self.root / target / "cur" / path.name)

    def contents(self):
        found = {}
        for folder in sorted(p.parent for p in self.root.rglob("cur")):
            name = decode_name(str(folder.relative_to(self.root)))
            box = found.setdefault(name, collections.Counter())
            for path in self.files(folder.name):
                letters = path.name.partition(":2,")[2]
                flags = "".join(sorted(c for c in letters if c in "DFRS"))
                box[hashlib.sha256(path.read_bytes()).hexdigest(), flags] += 1
        return found


def fill(account):
    for folder in ("Work", "Work/Projects", "Work/Projects/2026", "Entwürfe & Pläne", "日本語",
                   "Archive", "Sent"):
        account.create(folder)
    for number in range(1, 21):
        account.append("INBOX", message(f"Letter {number}", "Good morning,\nit is a fine day.\n"),
                       "\\Seen" if number % 3 else "")
    account.append("INBOX", message("Größe: 8-bit text in the body", "Grüße aus Köln, naïve café\n"))
    account.append("INBOX", message("A message without a body"), "\\Flagged")
    account.append("Work", message("With a keyword", "Pay this.\n"), "\\Seen $Important invoice")
    account.append("Work/Projects", message("Answered", "Yes.\n"), "\\Seen \\Answered")
    account.append("Work/Projects/2026", message("Deep down", "Here.\n"), "\\Flagged \\Seen")
    account.append("Entwürfe & Pläne", message("A draft", "Dear\n"), "\\Draft")
    account.append("日本語", message("こんにちは", "お元気ですか\n"))
    account.append("Archive", with_attachment("30 MB attached", ATTACHMENT), "\\Seen")


def synchronise(program, configuration):
    command = [program, "-c", str(configuration), "-o", "-u", "basic"]
    print(f"$ {' '.join(command)}", flush=True)
    begin = time.monotonic()
    done = subprocess.run(command, stdin=subprocess.DEVNULL)
    print(f"  ({time.monotonic() - begin:.2f} s, exit code {done.returncode})", flush=True)
    if done.returncode:
        raise RuntimeError("offlineimap failed")


def compare(account, maildir):
    """Says how the two sides look; whether they are equal."""
    remote, local = account.contents(), maildir.contents()
    equal = True
    for name in sorted(remote.keys() | local.keys()):
        ours, theirs = local.get(name), remote.get(name)
        same = ours == theirs
        equal &= same
        count = "no folder" if theirs is None else f"{theirs.total():3} messages"
        mark = "equal" if same else f"DIFFERENT: {'no folder' if ours is None else ours.total()}"
        print(f"  {count}   {mark}   {name}")
    if not equal:
        raise RuntimeError("the two sides are not equal")
    print(f"  every message and every flag is the same on both sides: "
          f"{sum(box.total() for box in remote.values())} messages in {len(remote)} folders")


def change_both_sides(account, maildir):
    for what, action in (
            ("server:  a new message arrives in INBOX",
             lambda: account.append("INBOX", message("News", "Did you hear?\n"))),
            ("server:  Letter 3 is read, Letter 4 gets a flag",
             lambda: (account.store("INBOX", "Letter 3", "+FLAGS", "\\Seen"),
                      account.store("INBOX", "Letter 4", "+FLAGS", "\\Flagged"))),
            ("server:  Letter 5 is deleted", lambda: account.delete("INBOX", "Letter 5")),
            ("server:  a folder Work/Travel is made, with one message",
             lambda: (account.create("Work/Travel"),
                      account.append("Work/Travel", message("Ticket", "Seat 42.\n")))),
            ("Maildir: a message is written into Sent",
             lambda: maildir.add("Sent", message("My answer", "Yes, gladly.\n"))),
            ("Maildir: Letter 6 is read and answered",
             lambda: maildir.flag("INBOX", "Letter 6", "RS")),
            ("Maildir: Letter 7 is removed", lambda: maildir.find("INBOX", "Letter 7").unlink()),
            ("Maildir: Letter 8 is moved to Archive",
             lambda: maildir.move("INBOX", "Letter 8", "Archive"))):
        print(f"  {what}")
        action()


def play(program, folder, server):
    account, maildir = Account(server), Maildir(folder / "Maildir")
    title("A sample account: nested folders, flags, keywords, names in UTF-7, a 30 MB attachment")
    fill(account)
    configuration = folder / "offlineimaprc"
    configuration.write_text(CONFIGURATION.format(
        folder=folder, port=server.tls_port, user=USER, password=dovecot.PASSWORD,
        certificate=server.certificate))
    print("".join(f"  {line}\n" for line in configuration.read_text().splitlines()), end="")
    title("The first synchronisation fetches everything")
    synchronise(program, configuration)
    compare(account, maildir)
    title("Both sides change")
    change_both_sides(account, maildir)
    title("The second one carries the changes both ways")
    synchronise(program, configuration)
    compare(account, maildir)
    title("The third one has nothing to do")
    synchronise(program, configuration)
    compare(account, maildir)
    account.close()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="offlineimap-demo-"))
    folder.chmod(0o711)  # the server may run as another user
    try:
        with dovecot.Dovecot(folder / "server", users=[USER]) as server:
            play(os.path.abspath(sys.argv[1]), folder, server)
        title("Done; the server is stopped, its files are removed")
        return 0
    except (RuntimeError, OSError, imaplib.IMAP4.error) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
