# SPDX-License-Identifier: Apache-2.0
"""Real proxies on loopback: dante, microsocks, tinyproxy. One that is not installed is not available."""
import pathlib
import shutil
import socket
import subprocess
import threading
import time

from ports import free_ports

PATHS = "/usr/sbin:/usr/bin:/sbin:/bin"


class Proxy:
    """A process that listens on a port of its own."""
    PROGRAM = ""

    def __init__(self, directory, user="", password=""):
        self.directory, self.user, self.password = pathlib.Path(directory), user, password
        self.port, = free_ports()

    @classmethod
    def program(cls):
        return shutil.which(cls.PROGRAM, path=PATHS)

    def __enter__(self):
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", self.port), 5).close()
                return self
            except OSError:
                time.sleep(0.02)
        self.__exit__()
        raise RuntimeError(f"{self.PROGRAM} does not listen")

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Dante(Proxy):
    PROGRAM = "danted"

    def command(self):
        path = self.directory / "danted.conf"
        path.write_text(f"""internal: 127.0.0.1 port = {self.port}
external: lo
clientmethod: none
socksmethod: none
client pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 }}
socks pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 }}
""")
        return [self.program(), "-f", str(path), "-p", str(self.directory / "danted.pid"), "-N", "1"]


class Microsocks(Proxy):
    PROGRAM = "microsocks"

    def command(self):
        who = ["-u", self.user, "-P", self.password] if self.user else []
        return [self.program(), "-i", "127.0.0.1", "-p", str(self.port), *who]


class Tinyproxy(Proxy):
    PROGRAM = "tinyproxy"

    def command(self):
        path = self.directory / "tinyproxy.conf"
        who = f"BasicAuth {self.user} {self.password}\n" if self.user else ""
        path.write_text(f"Port {self.port}\nListen 127.0.0.1\nTimeout 60\nMaxClients 20\n{who}")
        return [self.program(), "-d", "-c", str(path)]


class Socks4a:
    """Not a real one: dante refuses names in SOCKS4, and Debian has no other."""

    def __enter__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.asked = self.listener.getsockname()[1], []
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        request = b""
        while request[8:].count(b"\0") < 2:
            request += client.recv(1000)
        user, name, _ = request[8:].split(b"\0")
        self.asked.append((request[:2], request[4:7], user, name))
        server = socket.create_connection((name.decode(), int.from_bytes(request[2:4], "big")))
        with client, server:
            client.sendall(b"\0\x5a" + bytes(6))
            back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
            back.start()
            self._pump(client, server)
            back.join()

    @staticmethod
    def _pump(source, to):
        try:
            while data := source.recv(65536):
                to.sendall(data)
            to.shutdown(socket.SHUT_WR)
        except OSError:
            pass
