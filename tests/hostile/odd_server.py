# SPDX-License-Identifier: Apache-2.0
"""A small IMAP server that keeps mail well, and of whose every word a test may make something else."""
import dataclasses
import re
import socket
import threading

LITERAL = re.compile(rb"\{(\d+)(\+?)\}$")
SAID = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\S+)')
MODERN = ("IMAP4rev1 ENABLE CONDSTORE QRESYNC ESEARCH SEARCHRES LITERAL+ MULTIAPPEND UIDPLUS MOVE "
          "LIST-EXTENDED LIST-STATUS SPECIAL-USE NAMESPACE ID IDLE UNSELECT SASL-IR")
BARE = "IMAP4rev1"


def quoted(name):
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def unquoted(found):
    """What SAID found."""
    text = found[1] if found[1] is not None else found[2]
    return re.sub(rb"\\(.)", rb"\1", text).decode()


class Close(Exception):
    """Ends the connection."""


class Mischief:
    """Does nothing. Each returns what the client gets, or raises Close; `connection.send` sends at
    once, as it is."""

    def greeting(self, connection, line):
        return line

    def answer(self, connection, command, untagged, tagged):
        """`untagged`: lines; `tagged`: the last one. All with their line ends."""
        return b"".join(untagged) + tagged

    def invitation(self, connection, command):
        return b"+ go on\r\n"

    def refusal(self, connection, command):
        """What the command is answered with instead of being carried out: `NO no`."""
        return None


@dataclasses.dataclass
class Mail:
    raw: bytes
    flags: set
    mod_seq: int = 1


@dataclasses.dataclass
class Box:
    validity: int = 100
    next: int = 1
    mails: dict = dataclasses.field(default_factory=dict)
    gone: dict = dataclasses.field(default_factory=dict)
    mod_seq: int = 1

    def add(self, raw, flags=()):
        self.mod_seq += 1
        self.mails[self.next] = Mail(raw, set(flags), self.mod_seq)
        self.next += 1
        return self.next - 1

    def change(self, uid, flags):
        self.mod_seq += 1
        self.mails[uid].flags, self.mails[uid].mod_seq = set(flags), self.mod_seq

    def remove(self, uid):
        self.mod_seq += 1
        del self.mails[uid]
        self.gone[uid] = self.mod_seq


@dataclasses.dataclass
class Command:
    tag: bytes
    verb: str       # "UID FETCH"
    rest: bytes     # what follows the verb, literals as quoted texts
    texts: list     # the literals


def compact(uids):
    """1,2,3,7 as 1:3,7"""
    out = []
    for uid in sorted(uids):
        if out and out[-1][1] == uid - 1:
            out[-1][1] = uid
        else:
            out.append([uid, uid])
    return ",".join(f"{a}:{b}" if a != b else f"{a}" for a, b in out).encode()


class Connection:
    def __init__(self, server, stream):
        self.server, self.socket, self.lines = server, stream, stream.makefile("rb")
        self.mischief, self.box, self.read_only = server.mischief, None, False
        self.saved = []

    def send(self, data):
        self.socket.sendall(data)

    def serve(self):
        try:
            self.send(self.mischief.greeting(
                self, f"* OK [CAPABILITY {self.server.capabilities}] ready\r\n".encode()))
            while command := self.read_command():
                self.server.heard.append(command)
                with self.server.lock:
                    refusal = self.mischief.refusal(self, command)
                    if refusal and command.verb in ("SELECT", "EXAMINE"):
                        self.box = None
                    untagged, status = ([], refusal) if refusal else self.do(command)
                reply = self.mischief.answer(
                    self, command, untagged, command.tag + b" " + status + b"\r\n")
                self.send(reply)
                if command.verb == "LOGOUT":
                    break
        except (Close, OSError):
            pass
        for end in (self.lines, self.socket):
            try:
                end.close()
            except OSError:
                pass

    def read_command(self):
        line, texts = self.lines.readline(), []
        if not line:
            return None
        self.server.bytes_heard += len(line)
        whole = line.rstrip(b"\r\n")
        tag, _, rest = whole.partition(b" ")
        verb, _, _ = rest.partition(b" ")
        command = Command(tag, verb.decode("latin-1").upper(), b"", texts)
        while announced := LITERAL.search(whole):
            if not announced[2]:
                self.send(self.mischief.invitation(self, command))
            self.server.announced.append(announced[0].decode())
            texts.append(self.lines.read(int(announced[1])))
            if len(texts[-1]) < int(announced[1]):
                return None
            whole = whole[:announced.start()] + b'"literal" ' + self.lines.readline().rstrip(b"\r\n")
        _, _, rest = whole.partition(b" ")
        verb, _, rest = rest.partition(b" ")
        if verb.upper() == b"UID":
            second, _, rest = rest.partition(b" ")
            verb += b" " + second
        command.verb, command.rest = verb.decode("latin-1").upper(), rest
        return command

    # ------------------------------------------------------------------ commands

    def do(self, command):
        """(untagged lines, the tagged one without its tag)"""
        method = getattr(self, "do_" + command.verb.lower().replace(" ", "_"), None)
        if self.box is None and (command.verb.startswith("UID ") or command.verb == "EXPUNGE"):
            return [], b"BAD no mailbox is open"
        return method(command) if method else ([], b"OK done")

    def do_capability(self, _):
        return [f"* CAPABILITY {self.server.capabilities}\r\n".encode()], b"OK done"

    def do_enable(self, command):
        return [b"* ENABLED " + command.rest + b"\r\n"], b"OK done"

    def do_id(self, _):
        return [b'* ID ("name" "odd")\r\n'], b"OK done"

    def do_namespace(self, _):
        return [f'* NAMESPACE (("" {self.separator()})) NIL NIL\r\n'.encode()], b"OK done"

    def separator(self):
        return f'"{self.server.separator}"' if self.server.separator else "NIL"

    def status_of(self, name):
        box = self.server.boxes[name]
        return (f'* STATUS {quoted(name)} (UIDVALIDITY {box.validity} UIDNEXT {box.next} '
                f"MESSAGES {len(box.mails)} HIGHESTMODSEQ {box.mod_seq})\r\n").encode()

    def do_list(self, command):
        pattern = [unquoted(found) for found in SAID.finditer(command.rest)][1]
        if not pattern:
            return [f'* LIST (\\Noselect) {self.separator()} ""\r\n'.encode()], b"OK done"
        names = [n for n in self.server.boxes if pattern in ("*", n)]
        lines = [f"* LIST () {self.separator()} {quoted(name)}\r\n".encode() for name in names]
        if b"STATUS" in command.rest:
            lines += [self.status_of(name) for name in names]
        return lines, b"OK done"

    def do_lsub(self, _):
        return [f"* LSUB () {self.separator()} {quoted(name)}\r\n".encode()
                for name in self.server.boxes], b"OK done"

    def named(self, command):
        name = unquoted(SAID.match(command.rest))
        return name if name in self.server.boxes else None

    def do_status(self, command):
        name = self.named(command)
        return ([self.status_of(name)], b"OK done") if name else ([], b"NO [NONEXISTENT] no such")

    def do_create(self, command):
        self.server.boxes.setdefault(unquoted(SAID.match(command.rest)), Box())
        return [], b"OK done"

    def do_select(self, command, access=b"READ-WRITE"):
        name = self.named(command)
        if not name:
            return [], b"NO [NONEXISTENT] no such"
        self.box = box = self.server.boxes[name]
        flags = b"(\\Answered \\Flagged \\Deleted \\Seen \\Draft)"
        return [b"* FLAGS " + flags + b"\r\n", f"* {len(box.mails)} EXISTS\r\n".encode(),
                b"* 0 RECENT\r\n", f"* OK [UIDVALIDITY {box.validity}] x\r\n".encode(),
                f"* OK [UIDNEXT {box.next}] x\r\n".encode(),
                b"* OK [PERMANENTFLAGS " + flags[:-1] + b" \\*)] x\r\n",
                f"* OK [HIGHESTMODSEQ {box.mod_seq}] x\r\n".encode()], b"OK [" + access + b"] done"

    def do_examine(self, command):
        return self.do_select(command, b"READ-ONLY")

    def uids(self, text):
        """Of what is there."""
        top = max(self.box.mails, default=0)
        chosen = set(self.saved) if text == b"$" else set()
        for part in text.decode().split(",") if text != b"$" else ():
            first, _, last = part.partition(":")
            low, high = (top if n == "*" else int(n) for n in (first, last or first))
            low, high = min(low, high), max(low, high)
            chosen |= {u for u in self.box.mails if low <= u <= high}
        return sorted(chosen)

    def do_uid_fetch(self, command):
        which, _, items = command.rest.partition(b" ")
        uids, numbers = self.uids(which), {u: i + 1 for i, u in enumerate(sorted(self.box.mails))}
        lines = []
        since = re.search(rb"CHANGEDSINCE (\d+)( VANISHED)?", items)
        if since:
            uids = [u for u in uids if self.box.mails[u].mod_seq > int(since[1])]
            gone = [u for u, mod in self.box.gone.items() if mod > int(since[1])]
            if since[2] and gone:
                lines.append(b"* VANISHED (EARLIER) " + compact(gone) + b"\r\n")
        for uid in uids:
            mail = self.box.mails[uid]
            parts = [f"UID {uid} FLAGS ({' '.join(sorted(mail.flags))})".encode()]
            if since:
                parts.append(f"MODSEQ ({mail.mod_seq})".encode())
            if b"INTERNALDATE" in items:
                parts.append(b'INTERNALDATE "17-Jul-1996 02:44:25 -0700"')
            if b"RFC822.SIZE" in items:
                parts.append(f"RFC822.SIZE {len(mail.raw)}".encode())
            if b"BODY.PEEK[HEADER]" in items:
                head = mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                parts.append(b"BODY[HEADER] {%d}\r\n%s" % (len(head), head))
            if b"BODY.PEEK[]" in items:
                parts.append(b"BODY[] {%d}\r\n%s" % (len(mail.raw), mail.raw))
            lines.append(b"* %d FETCH (%s)\r\n" % (numbers[uid], b" ".join(parts)))
        return lines, b"OK done"

    def do_uid_search(self, command):
        text = command.rest.replace(b"CHARSET UTF-8 ", b"")
        deleted = [u for u, m in self.box.mails.items() if "\\Deleted" in m.flags]
        found = deleted if b"DELETED" in text else sorted(self.box.mails)
        if named := re.search(rb"UID ([0-9:,*]+)", text):
            found = [u for u in self.uids(named[1]) if u in found]
        self.saved = found
        if text.startswith(b"RETURN"):
            found = b" ALL " + compact(found) if found else b""
            return [b'* ESEARCH (TAG "' + command.tag + b'") UID' + found + b"\r\n"], b"OK done"
        return [b"* SEARCH" + b"".join(b" %d" % u for u in found) + b"\r\n"], b"OK done"

    def do_uid_store(self, command):
        which, how, flags = command.rest.split(b" ", 2)
        flags = set(flags.decode().strip("()").split())
        for uid in self.uids(which):
            old = self.box.mails[uid].flags
            self.box.change(uid, old | flags if how.startswith(b"+") else old - flags)
        return [], b"OK done"

    def do_uid_expunge(self, command):
        which = command.rest or b"1:*"
        uids = [u for u in self.uids(which) if "\\Deleted" in self.box.mails[u].flags]
        for uid in uids:
            self.box.remove(uid)
        return [b"* VANISHED " + compact(uids) + b"\r\n"] if uids else [], b"OK done"

    do_expunge = do_uid_expunge

    def do_uid_move(self, command):
        which, _, name = command.rest.partition(b" ")
        target, uids = self.server.boxes[unquoted(SAID.match(name))], self.uids(which)
        new = [target.add(self.box.mails[u].raw, self.box.mails[u].flags) for u in uids]
        for uid in uids:
            self.box.remove(uid)
        code = b"* OK [COPYUID %d %s %s] x\r\n" % (target.validity, compact(uids), compact(new))
        return [code] if uids else [], b"OK done"

    def do_append(self, command):
        name = self.named(command)
        if not name:
            return [], b"NO [TRYCREATE] no such"
        box = self.server.boxes[name]
        flags = [f.decode().split() for f in re.findall(rb" \(([^)]*)\) ", command.rest)]
        flags += [[]] * len(command.texts)
        new = [box.add(raw, flags[i]) for i, raw in enumerate(command.texts)]
        return [], b"OK [APPENDUID %d %s] done" % (box.validity, compact(new))

    def do_logout(self, _):
        return [b"* BYE bye\r\n"], b"OK done"


class OddServer:
    """With `with` it listens on a port of its own."""

    def __init__(self, capabilities=MODERN, mischief=None):
        self.capabilities, self.mischief = capabilities, mischief or Mischief()
        self.boxes, self.separator = {"INBOX": Box()}, "/"
        self.lock, self.heard, self.bytes_heard, self.connections = threading.Lock(), [], 0, 0
        self.open, self.address = [], "127.0.0.1"
        self.announced = []  # literals, as they were

    def __enter__(self):
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self.listener = socket.create_server((self.address, 0), family=family)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        for end in [self.listener, *self.open]:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.open.append(client)
            self.connections += 1
            threading.Thread(target=Connection(self, client).serve, daemon=True).start()
