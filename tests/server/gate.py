# SPDX-License-Identifier: Apache-2.0
"""A way to a server that can be shut, broken and opened again while a test runs."""
import socket
import struct
import threading


class Gate:
    """Passes everything on until it is told not to. `port` is what to connect to."""

    def __init__(self, target):
        self.target = target
        self.open = threading.Event()
        self.open.set()
        self.lock, self.pairs, self.stranded, self.seen = threading.Lock(), [], set(), 0
        self.most = None  # bytes from the server, after which it shuts by itself
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def shut(self):
        """From now on nothing arrives, and nobody is told."""
        self.open.clear()

    def shut_after(self, size):
        """Shuts by itself when so much more has come from the server."""
        with self.lock:
            self.most = self.seen + size

    def is_shut(self):
        return not self.open.is_set()

    def release(self):
        self.open.set()

    def strand(self):
        """Whoever is connected now never hears anything again; whoever comes later does."""
        with self.lock:
            self.stranded |= {end for pair in self.pairs for end in pair}

    def reset(self):
        """Breaks every connection as a router does that has forgotten it."""
        for pair in self._take_pairs():
            for end in pair:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RD)  # whoever reads here lets it go
                end.close()

    def connections(self):
        with self.lock:
            return len(self.pairs)

    def close(self):
        self.listener.close()
        self.reset()
        self.open.set()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                return
            with self.lock:
                self.pairs.append((client, server))
            for source, to in ((client, server), (server, client)):
                source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pump, args=(source, to, source is server),
                                 daemon=True).start()

    def _pump(self, source, to, counts):
        try:
            while data := source.recv(4096):
                self.open.wait()
                if source in self.stranded:
                    continue
                to.sendall(data)
                if counts:
                    self._count(len(data))
        except OSError:
            pass
        for pair in self._take_pairs(source):
            for end in pair:
                self._end(end)

    def _take_pairs(self, end=None):
        with self.lock:
            taken = [pair for pair in self.pairs if end is None or end in pair]
            self.pairs = [pair for pair in self.pairs if pair not in taken]
        return taken

    def _count(self, size):
        with self.lock:
            self.seen += size
            if self.most is not None and self.seen >= self.most:
                self.most = None
                self.open.clear()

    @staticmethod
    def _end(end):
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        end.close()
