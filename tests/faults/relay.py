# SPDX-License-Identifier: Apache-2.0
"""A TCP relay that breaks connections at a chosen place."""
import re
import socket
import struct
import threading

COMMAND = re.compile(rb"^(\S+) (?:UID )?(APPEND|COPY|MOVE|STORE|EXPUNGE|CREATE)\b", re.MULTILINE)


class Cut(Exception):
    """Closes the connection; `last` is still delivered."""

    def __init__(self, last=b""):
        super().__init__()
        self.last = last


class Stall(Cut):
    """Delivers `last` and nothing more; the connection stays open."""


class Plan:
    """What goes wrong. Sees everything that passes; counts over all connections."""

    def __init__(self):
        self.lock = threading.Lock()
        self.up = self.down = self.lines = 0
        self.commands = []  # the verbs that were sent
        self.happened = False

    def sent(self, data):
        """From the client. Returns what is passed on."""
        with self.lock:
            self.commands += [m[2].decode() for m in COMMAND.finditer(data)]
            return self._upward(data)

    def answered(self, data):
        with self.lock:
            return self._downward(data)

    def _upward(self, data):
        self.up += len(data)
        return data

    def _downward(self, data):
        self.down += len(data)
        self.lines += data.count(b"\n")
        return data

    def _now(self):
        """True the first time."""
        before, self.happened = self.happened, True
        return not before


class CutAfterLine(Plan):
    def __init__(self, line, how=Cut):
        super().__init__()
        self.line, self.how = line, how

    def _downward(self, data):
        before = self.lines
        super()._downward(data)
        if self.lines < self.line or not self._now():
            return data
        rest = data.split(b"\n")[:self.line - before]
        raise self.how(b"\n".join(rest) + b"\n")


class CutAfterBytes(Plan):
    def __init__(self, count, upward, how=Cut):
        super().__init__()
        self.count, self.upward, self.how = count, upward, how

    def _check(self, data, total):
        if total < self.count or not self._now():
            return data
        raise self.how(data[:len(data) - (total - self.count)])

    def _upward(self, data):
        super()._upward(data)
        return self._check(data, self.up) if self.upward else data

    def _downward(self, data):
        super()._downward(data)
        return data if self.upward else self._check(data, self.down)


class LoseAnswer(Plan):
    """The n-th command that changes something is done; its last answer is not delivered."""

    def __init__(self, number):
        super().__init__()
        self.number, self.tag, self.count = number, None, 0

    def _upward(self, data):
        for match in COMMAND.finditer(data):
            self.count += 1
            if self.count == self.number:
                self.tag = match[1]
        return super()._upward(data)

    def _downward(self, data):
        super()._downward(data)
        at = re.search(rb"^" + re.escape(self.tag) + rb" ", data, re.MULTILINE) if self.tag else None
        if at is None or not self._now():
            return data
        raise Cut(data[:at.start()])


class Relay:
    """`once`: only the first connection to be broken is; later ones pass. Else nobody may connect
    again. `abrupt` resets the connection instead of ending it."""

    def __init__(self, port, plan, once=True, abrupt=False):
        self.target, self.plan, self.once, self.abrupt = port, plan, once, abrupt
        self.closed, self.sockets = False, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.closed = True
        self._end(self.listener, *self.sockets)

    def _accept(self):
        while not self.closed:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.plan.happened and not self.once:
                self._end(client)
                continue
            server = socket.create_connection(("127.0.0.1", self.target))
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.sockets.append(end)
            for source, to, look in ((client, server, self.plan.sent),
                                     (server, client, self.plan.answered)):
                threading.Thread(target=self._pump, args=(source, to, look), daemon=True).start()

    def _pump(self, source, to, look):
        try:
            while data := source.recv(65536):
                to.sendall(look(data))
        except Stall as stall:
            to.sendall(stall.last)
            return
        except Cut as cut:
            try:
                to.sendall(cut.last)
                if self.abrupt:
                    to.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            except OSError:
                pass
        except OSError:
            pass
        self._end(source, to)

    @staticmethod
    def _end(*sockets):
        for end in sockets:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()
