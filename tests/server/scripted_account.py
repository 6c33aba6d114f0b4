# SPDX-License-Identifier: Apache-2.0
"""One account between a ScriptedServer and a Maildir, for tests of TLS and of signing in."""
import base64
import os
import subprocess
import tempfile
import unittest

import mechanisms
from mechanisms import NO, Scram

PROGRAM = os.environ["PROGRAM"]
USER, PASSWORD, TOKEN = "joe.bloggs", "correct horse", "ya29.token"
CLEAR = ["ssl = no", "starttls = no"]
WRONG = {"PLAIN": lambda *_: NO, "CRAM-MD5": mechanisms.cram_md5(USER, "other"),
         "DIGEST-MD5": mechanisms.digest_md5(USER, "other"),
         "SCRAM-SHA-256": Scram(USER, "other"), "SCRAM-SHA-1": Scram(USER, "other", "sha1"),
         "XOAUTH2": mechanisms.xoauth2(USER, "other"),
         "OAUTHBEARER": mechanisms.oauthbearer(USER, "other")}
RC = """[general]
accounts = Test
metadata = {dir}/metadata
ui = quiet
[Account Test]
localrepository = Local
remoterepository = Remote
[Repository Local]
type = Maildir
localfolders = {dir}/mail
[Repository Remote]
type = IMAP
remotehost = {host}
remoteport = {port}
remoteuser = {user}
{lines}
"""


class ScriptedTest(unittest.TestCase):
    """One account between a Maildir and a ScriptedServer."""

    secrets = [PASSWORD, TOKEN, USER]

    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="offlineimap-scripted-")
        self.addCleanup(scratch.cleanup)
        self.directory = scratch.name

    def run_with(self, server, *lines, host="localhost", user=USER, password=PASSWORD, arguments=()):
        """Runs the program once, until the server has heard all."""
        with open(os.path.join(self.directory, "password"), "w") as file:
            file.write(password or "")
        os.chmod(file.name, 0o600)
        lines = list(lines)
        if password is not None and not any(line.startswith("remotepass") for line in lines):
            lines.append("remotepass = " + password.replace("%", "%%"))
        with open(os.path.join(self.directory, "rc"), "w") as file:
            file.write(RC.format(dir=self.directory, host=host, port=server.port, user=user,
                                 lines="\n".join(lines)))
        done = subprocess.run([PROGRAM, "-o", "-c", file.name, *arguments], capture_output=True,
                              stdin=subprocess.DEVNULL, text=True, timeout=60)
        for secret in (PASSWORD, TOKEN):
            self.assertNotIn(secret, done.stdout + done.stderr)
        return done

    def try_with(self, server, *lines, code=0, says=(), **settings):
        with server:
            done = self.run_with(server, *lines, **settings)
        output = done.stdout + done.stderr
        self.assertEqual(server.failures, [])
        if code is not None:
            self.assertEqual(done.returncode, code, output)
        for text in [says] if isinstance(says, str) else says:
            self.assertIn(text, output)
        return done

    def assert_no_secret(self, server):
        heard = server.bytes
        for secret in self.secrets:
            for form in (secret.encode(), base64.b64encode(secret.encode())[:-4]):
                self.assertNotIn(form, heard)
        for identity in ("", USER):
            form = f"{identity}\0{USER}\0{PASSWORD}".encode()
            self.assertNotIn(base64.b64encode(form)[:-4], heard)
        self.assertEqual(server.attempts, [])

    def assert_refused(self, server, *lines, code=5, says=(), **settings):
        done = self.try_with(server, *lines, code=code, says=says, **settings)
        self.assertGreater(len(server.conversations), 0, "the server was never asked")
        self.assert_no_secret(server)
        return done


def offers(*names, more="SASL-IR"):
    return " ".join(["IMAP4rev1", more, *(f"AUTH={name}" for name in names)])


def right(user=USER, password=PASSWORD, identity=""):
    """Every mechanism with a password, as a server that knows it runs them."""
    return {"PLAIN": mechanisms.plain(user, password, identity),
            "LOGIN": mechanisms.login(user, password),
            "CRAM-MD5": mechanisms.cram_md5(user, password),
            "DIGEST-MD5": mechanisms.digest_md5(user, password, identity),
            "SCRAM-SHA-1": Scram(user, password, "sha1", identity),
            "SCRAM-SHA-256": Scram(user, password, "sha256", identity)}


def login_command(user, password):
    def run(_conversation, words):
        return mechanisms.verdict(words == [user.encode(), password.encode()])
    return run


class InTheClear(ScriptedTest):
    """Without TLS, as the user has allowed."""

    def sign_in(self, server, *lines, code=0, says=(), **settings):
        return self.try_with(server, *CLEAR, *lines, code=code, says=says, **settings)
