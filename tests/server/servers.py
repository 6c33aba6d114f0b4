# SPDX-License-Identifier: Apache-2.0
"""IMAP servers other than Dovecot, each throw-away on loopback with one user, for the tests.

Debian's servers exclude one another as packages, so `./dev servers` unpacks them into
build/servers, where they are looked for; one that is there neither nor in the system is not
available. All are good only where everybody is trusted: they take any password, or none.
"""
import grp
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import threading
import time

from ports import free_ports

UNPACKED = pathlib.Path(os.environ.get(
    "IMAP_SERVERS", pathlib.Path(__file__).resolve().parents[2] / "build/servers"))
ROOTS = [UNPACKED / "root", pathlib.Path("/")]
LIBRARIES = ":".join(str(UNPACKED / "root" / path)
                     for path in ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib"))


def find(path):
    return next((str(root / path) for root in ROOTS if (root / path).exists()), None)


def environment(**more):
    return {**os.environ, "LD_LIBRARY_PATH": LIBRARIES, **more}


def await_port(port, seconds=10):
    for _ in range(int(seconds / 0.02)):
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as connection:
                connection.settimeout(5)
                if connection.recv(4).startswith(b"* "):
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise RuntimeError(f"nobody answers on port {port}")


class Inetd:
    """A process for each connection, speaking through its input and output."""

    def __init__(self, command, **settings):
        self.command, self.settings = command, settings
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.children = []
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.children.append(subprocess.Popen(
                    self.command, stdin=connection, stdout=connection, stderr=subprocess.DEVNULL,
                    **self.settings))

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for child in self.children:
            child.kill()
            child.wait()


class Server:
    """`top` stands before the names of new folders; `separator` between their levels."""
    top, separator = "", "/"
    keeps_flags_of_appended = True

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.port = 0

    @classmethod
    def available(cls):
        return find(cls.PROGRAM) is not None

    def name(self, *components):
        return self.top + self.separator.join(components)


class Courier(Server):
    PROGRAM, top, separator = "usr/bin/imapd", "INBOX.", "."

    def start(self):
        for name in ("cur", "new", "tmp"):
            (self.directory / "Maildir" / name).mkdir(parents=True)
        capabilities = ("IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT"
                        " THREAD=REFERENCES SORT QUOTA IDLE")
        self.inetd = Inetd([find(self.PROGRAM), "Maildir"], cwd=self.directory, env=environment(
            AUTHENTICATED="joe", AUTHUSER="joe", HOME=str(self.directory), IMAP_KEYWORDS="1",
            IMAP_CAPABILITY=capabilities, IMAP_USELOCKS="0", IMAP_EMPTYTRASH=""))
        self.port = self.inetd.port
        return self

    def stop(self):
        self.inetd.stop()


class Mailutils(Server):
    """With Maildir folders; in mbox files it keeps its own notes in the messages' headers."""
    PROGRAM, keeps_flags_of_appended = "usr/sbin/imap4d", False

    def start(self):
        inbox = self.directory / "spool" / pwd.getpwuid(os.geteuid()).pw_name
        for path in (self.directory / "mail", inbox / "cur", inbox / "new", inbox / "tmp"):
            path.mkdir(parents=True)
        (self.directory / "imap4d.rc").write_text(
            f'mailbox {{ mail-spool {self.directory}/spool; mailbox-type maildir; }};\n'
            f'namespace personal {{ prefix "" {{ directory "{self.directory}/mail";'
            ' delimiter "/"; mailbox-type maildir; }; };\npreauth stdio;\n')
        self.inetd = Inetd([find(self.PROGRAM), "--inetd", "--preauth", "--no-site-config",
                            "--config-file", str(self.directory / "imap4d.rc")],
                           cwd=self.directory, env=environment(HOME=str(self.directory / "mail")))
        self.port = self.inetd.port
        return self

    def stop(self):
        self.inetd.stop()


CYRUS = """configdirectory: {dir}/conf
partition-default: {dir}/spool
admins: root
sasl_pwcheck_method: alwaystrue
sasl_mech_list: PLAIN
allowplaintext: yes
altnamespace: no
unixhierarchysep: no
duplicatesuppression: no
skiplist_unsafe: yes
cyrus_user: {user}
cyrus_group: {group}
"""
CYRUS_SERVICES = """START {{
  recover cmd="{bin}/ctl_cyrusdb -C {dir}/imapd.conf -r"
}}
SERVICES {{
  imap cmd="{bin}/imapd -C {dir}/imapd.conf" listen="127.0.0.1:{port}" proto="tcp4" prefork=1
}}
EVENTS {{
}}
"""


class Cyrus(Server):
    PROGRAM, top, separator = "usr/lib/cyrus/bin/imapd", "INBOX.", "."

    def start(self):
        # It drops root for the user it is told.
        user = "daemon" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        group = grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name
        self.port, = free_ports()
        values = {"dir": self.directory, "user": user, "group": group, "port": self.port,
                  "bin": pathlib.Path(find(self.PROGRAM)).parent}
        for name in ("conf/socket", "conf/proc", "spool"):
            (self.directory / name).mkdir(parents=True)
        (self.directory / "imapd.conf").write_text(CYRUS.format(**values))
        (self.directory / "cyrus.conf").write_text(CYRUS_SERVICES.format(**values))
        self.directory.chmod(0o755)
        if os.geteuid() == 0:
            for path in [self.directory, *self.directory.rglob("*")]:
                shutil.chown(path, user, group)
        self.master = subprocess.Popen(
            [values["bin"] / "master", "-C", self.directory / "imapd.conf",
             "-M", self.directory / "cyrus.conf", "-p", self.directory / "pid", "-D"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=environment(), start_new_session=True)
        await_port(self.port)
        self._make_inbox()
        return self

    def _make_inbox(self):
        with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
            lines = connection.makefile("rb")
            lines.readline()
            connection.sendall(b"a LOGIN root x\r\nb CREATE user.joe\r\nc LOGOUT\r\n")
            answers = lines.read()
        if b"\r\nb OK" not in answers:
            raise RuntimeError(f"cyrus does not make a mailbox: {answers.decode()}")

    def stop(self):
        try:
            os.killpg(self.master.pid, signal.SIGTERM)
            self.master.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(self.master.pid, signal.SIGKILL)
            self.master.wait()
        except ProcessLookupError:
            pass


HOODIECROW = """
const hoodiecrow = require("hoodiecrow-imap");
const server = hoodiecrow({
  plugins: ["ID", "SASL-IR", "NAMESPACE", "IDLE", "ENABLE", "CONDSTORE", "LITERALPLUS", "UNSELECT",
            "SPECIAL-USE", "UIDPLUS", "MOVE"],
  users: {joe: {password: "secret"}},
  storage: {"INBOX": {messages: []}, "": {separator: "/", folders: {}}}});
server.listen(+process.argv[2], "127.0.0.1");
"""


class Hoodiecrow(Server):
    PROGRAM = "hoodiecrow"

    @classmethod
    def available(cls):
        return shutil.which("node") and (UNPACKED / "node_modules/hoodiecrow-imap").exists()

    def start(self):
        self.port, = free_ports()
        script = self.directory / "server.js"
        script.write_text(HOODIECROW)
        self.process = subprocess.Popen(
            ["node", script, str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "NODE_PATH": str(UNPACKED / "node_modules")})
        await_port(self.port)
        return self

    def stop(self):
        self.process.kill()
        self.process.wait()
