#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A throw-away Dovecot on loopback, for the tests and the demo.

  dovecot.py start DIR [options]           prints {"port": ..., "tls_port": ..., ...}
  dovecot.py stop DIR
  dovecot.py run [options] -- COMMAND...   IMAP_HOST, IMAP_PORT, IMAP_TLS_PORT, IMAP_CERTIFICATE,
                                           IMAP_USER, IMAP_PASSWORD and IMAP_DIR are set for it

Everything lies under DIR; the ports are free ones; the certificate is for localhost and
127.0.0.1. Works for root (mail belongs to nobody then) and for any user (all runs as that user).
As a module: with Dovecot(directory, hide=["QRESYNC"]) as server: server.port
"""
import argparse
import grp
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from ports import free_ports

PASSWORD = "secret"

CONFIGURATION = """
base_dir = {dir}/run
state_dir = {dir}/run
log_path = {dir}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{dir}/certificate.pem
ssl_key = <{dir}/key.pem
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
auth_failure_delay = 0
default_internal_user = {internal_user}
default_internal_group = {internal_group}
default_login_user = {login_user}
first_valid_uid = 1
first_valid_gid = 1
mail_uid = {mail_user}
mail_gid = {mail_group}
mail_location = {location}
mail_fsync = never
mail_max_userip_connections = 100
protocol imap {{
  mail_plugins = imap_zlib
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
  mailbox Drafts {{
    special_use = \\Drafts
  }}
  mailbox Sent {{
    special_use = \\Sent
  }}
  mailbox Trash {{
    special_use = \\Trash
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {dir}/users
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={dir}/home/%u
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
  service_count = 0
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{capability}
{extra}
"""


def owners():
    """Who runs what. Dovecot refuses to touch mail as root and cannot change users otherwise."""
    if os.geteuid() == 0:
        return {"internal_user": "dovecot", "internal_group": "dovecot", "login_user": "dovenull",
                "mail_user": "nobody", "mail_group": "nogroup", "chroot": ""}
    user = pwd.getpwuid(os.geteuid()).pw_name
    group = grp.getgrgid(os.getegid()).gr_name
    return {"internal_user": user, "internal_group": group, "login_user": user,
            "mail_user": user, "mail_group": group, "chroot": "chroot ="}


def tool(name):
    """Debian keeps the servers out of a user's PATH."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin:/sbin")
    if not found:
        raise RuntimeError(f"{name} is not installed (package dovecot-imapd)")
    return found


class Dovecot:
    """One server. Settings are those of the command line; see there."""

    def __init__(self, directory, users=("joe",), hide=(), separator="/", location="", extra="",
                 prefix="", offer=()):
        self.directory = pathlib.Path(directory).resolve()
        self.users, self.hide, self.separator = users, set(hide), separator
        self.offer = list(offer)  # besides those that it has
        self.extra = extra.replace("{dir}", str(self.directory))
        self.prefix = prefix
        self.location = location.replace("{dir}", str(self.directory)) or f"maildir:{self.directory}/mail/%u"
        self.port = self.tls_port = 0
        self.certificate = self.directory / "certificate.pem"

    def __enter__(self):
        try:
            return self.start()
        except BaseException:  # also a signal: nobody else would stop it
            self.stop()
            raise

    def __exit__(self, *_):
        self.kill()

    def start(self):
        self._prepare()
        for attempt in range(5):  # somebody who is no test may take a port meanwhile
            self.port, self.tls_port = free_ports(2)
            try:
                self._launch("")
                break
            except RuntimeError:
                self.stop()
                if attempt == 4:
                    raise
        if self.hide or self.offer:
            offered = [c for c in self._capabilities() if c not in self.hide] + self.offer
            self.stop()
            self._launch("imap_capability = " + " ".join(offered))
        (self.directory / "server.json").write_text(json.dumps(self.description()))
        return self

    def start_again(self):
        """After stop(), on the same ports."""
        for attempt in range(50):
            try:
                return self._launch("")
            except RuntimeError:
                if attempt == 49:
                    raise
                time.sleep(0.1)

    def description(self):
        return {"host": "127.0.0.1", "port": self.port, "tls_port": self.tls_port,
                "certificate": str(self.certificate), "users": list(self.users),
                "password": PASSWORD, "directory": str(self.directory)}

    def stop(self):
        pid_file = self.directory / "run" / "master.pid"
        try:
            pid = int(pid_file.read_text())
            os.kill(pid, signal.SIGTERM)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return
        for _ in range(200):
            if not pid_file.exists():
                return
            time.sleep(0.02)
        os.kill(pid, signal.SIGKILL)
        pid_file.unlink(missing_ok=True)

    def kill(self):
        """For good: nobody is interested in what it leaves. A decent end takes it a second."""
        try:
            pid = int((self.directory / "run" / "master.pid").read_text())
            if os.getpgid(pid) != pid:
                return self.stop()
            os.killpg(pid, signal.SIGKILL)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return None

    def kick(self, user):
        """Ends every connection of a user."""
        subprocess.run([tool("doveadm"), "-c", self.directory / "dovecot.conf", "kick", user],
                       check=True, capture_output=True)

    def forget_mail(self):
        """Nobody who is signed in may use it still."""
        for mail in (self.directory / "mail").iterdir():
            mail.rename(self.directory / f"forgotten-{time.monotonic_ns()}")

    def _prepare(self):
        for name in ("run", "mail", "home"):
            (self.directory / name).mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o755)
        if os.geteuid() == 0:
            for name in ("mail", "home"):
                shutil.chown(self.directory / name, "nobody", "nogroup")
        lines = "".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in self.users)
        (self.directory / "users").write_text(lines)
        if not self.certificate.exists():
            self._make_certificate()

    def _make_certificate(self):
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                   "-nodes", "-days", "30", "-subj", "/CN=localhost",
                   "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                   "-keyout", str(self.directory / "key.pem"), "-out", str(self.certificate)]
        subprocess.run(command, check=True, capture_output=True)

    def _launch(self, capability):
        path = self.directory / "dovecot.conf"
        path.write_text(CONFIGURATION.format(
            dir=self.directory, port=self.port, tls_port=self.tls_port, location=self.location,
            separator=self.separator, prefix=self.prefix, extra=self.extra, capability=capability, **owners()))
        complaints = self.directory / "start.log"  # not a pipe: the server would keep it open
        with complaints.open("w") as errors:
            done = subprocess.run([tool("dovecot"), "-c", str(path)], stdin=subprocess.DEVNULL,
                                  stdout=errors, stderr=errors)
        if done.returncode:
            raise RuntimeError(f"dovecot does not start: {complaints.read_text().strip()}")
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                    if connection.recv(4) == b"* OK":
                        return
            except OSError:
                pass
            time.sleep(0.02)
        log = (self.directory / "dovecot.log").read_text()
        raise RuntimeError(f"dovecot does not answer on port {self.port}:\n{log}")

    def _capabilities(self):
        """What this server offers to a user who has signed in."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
            lines = connection.makefile("rb")
            lines.readline()
            connection.sendall(
                f"a LOGIN {self.users[0]} {PASSWORD}\r\nb CAPABILITY\r\nc LOGOUT\r\n".encode())
            for line in lines:
                if line.startswith(b"* CAPABILITY "):
                    return line.decode().split()[2:]
        raise RuntimeError("dovecot did not tell its capabilities")


def stop_when_gone(server, pid):
    """A detached process that stops the server once `pid` is no more: tests may crash."""
    if os.fork():
        return
    os.setsid()
    with open(os.devnull, "r+") as null:
        for descriptor in range(3):
            os.dup2(null.fileno(), descriptor)
    while (server.directory / "run" / "master.pid").exists():
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            server.stop()
        time.sleep(0.3)
    os._exit(0)


def run(server, command):
    with server:
        variables = {"IMAP_HOST": "127.0.0.1", "IMAP_PORT": str(server.port),
                     "IMAP_TLS_PORT": str(server.tls_port),
                     "IMAP_CERTIFICATE": str(server.certificate),
                     "IMAP_USER": server.users[0], "IMAP_PASSWORD": PASSWORD,
                     "IMAP_DIR": str(server.directory)}
        return subprocess.run(command, env={**os.environ, **variables}).returncode


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["start", "stop", "run"])
    parser.add_argument("directory", nargs="?")
    parser.add_argument("--users", default="joe", help="comma-separated; the password is secret")
    parser.add_argument("--hide", default="", help="capabilities not to offer, comma-separated")
    parser.add_argument("--separator", default="/")
    parser.add_argument("--location", default="", help="mail_location")
    parser.add_argument("--extra", default="", help="more lines of dovecot.conf")
    parser.add_argument("--while-pid", type=int, help="stop by itself when this process is gone")
    own, command = sys.argv[1:], []
    if "--" in own:
        own, command = own[:own.index("--")], own[own.index("--") + 1:]
    return parser.parse_args(own), command


def main():
    options, command = arguments()
    scratch = None
    if options.verb == "run":
        scratch = tempfile.mkdtemp(prefix="offlineimap-dovecot-")
    server = Dovecot(options.directory or scratch, options.users.split(","),
                     [name for name in options.hide.split(",") if name], options.separator,
                     options.location, options.extra)
    if options.verb == "stop":
        server.stop()
        return 0
    if options.verb == "start":
        server.start()
        if options.while_pid:
            stop_when_gone(server, options.while_pid)
        print(json.dumps(server.description()))
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return run(server, command)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeError as error:
        sys.exit(f"dovecot.py: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
