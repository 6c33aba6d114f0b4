#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No password and no token may be seen in anything that the program writes, whatever it is told to
say and whatever a server repeats."""
import base64
import contextlib
import os
import pathlib
import resource
import signal
import socket
import subprocess
import threading
import time
import unittest

from account import PLAIN
from interface import PROGRAM, InterfaceTest

LINES = ["basic", "quiet", "machineui", "json", "syslog", "ttyui"]
WRONG = "this-is-no-password-of-joe"
SPECIAL = 'p"a\\s%s w/ö+rd'
TOKEN = "ya29.A-token_of/joe+that==is-long"
XOAUTH2 = f"{PLAIN}\nauth_mechanisms = XOAUTH2\noauth2_access_token = {TOKEN}"


class Parrot:
    """A server that refuses, and repeats what it was told, and the secret in every form."""

    def __init__(self, secret, mechanisms="AUTH=PLAIN"):
        self.secret, self.mechanisms = secret.encode(), mechanisms.encode()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        with contextlib.suppress(OSError):
            while True:
                peer, _ = self.listener.accept()
                threading.Thread(target=self.serve, args=(peer,), daemon=True).start()

    def close(self):
        self.listener.close()

    def serve(self, peer):
        with contextlib.suppress(OSError), peer, peer.makefile("rwb") as stream:
            stream.write(b"* OK [CAPABILITY IMAP4rev1 " + self.mechanisms + b"] ready\r\n")
            stream.flush()
            for line in stream:
                self.answer(line, stream)
                stream.flush()

    def answer(self, line, stream):
        tag = line.split(b" ")[0].strip()
        if b"CAPABILITY" in line:
            stream.write(b"* CAPABILITY IMAP4rev1 " + self.mechanisms + b"\r\n" + tag + b" OK\r\n")
            return
        if b"LOGOUT" in line:
            stream.write(tag + b" OK\r\n")
            return
        told = b""
        if b"AUTHENTICATE" in line:
            stream.write(b"+ \r\n")
            stream.flush()
            told = stream.readline().strip()
        short = base64.b64encode(b"\0joe\0" + self.secret)
        said = b"you said " + self.secret + b" and " + told + b" and " + short
        stream.write(b"* OK " + said + b"\r\n" + tag + b" NO [ALERT] not " + said + b"\r\n")


class Everything(InterfaceTest):
    """What all the outputs of one run said."""

    def outputs(self, account, *arguments, ui, environment=None):
        log, trace = account.directory / "log", account.directory / "trace"
        done = subprocess.run(
            [PROGRAM, "-o", "-c", str(account.rc), "-u", ui, "-d", "all", "-l", str(log), *arguments,
             "-P", str(trace)], stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
            env={**os.environ, **(environment or {})})
        self.code = done.returncode
        self.log = log.read_bytes() if log.exists() else b""
        written = [p.read_bytes() for p in account.directory.rglob("*")
                   if p.is_file() and p != account.rc and not p.is_relative_to(account.mail)]
        status = [subprocess.run([PROGRAM, *words, "-c", str(account.rc)], capture_output=True,
                                 timeout=60).stdout for words in (["status"], ["status", "--json"])]
        return [done.stdout, done.stderr, *written, *status]

    def parrot(self, secret, mechanisms="AUTH=PLAIN"):
        server = Parrot(secret, mechanisms)
        self.addCleanup(server.close)
        return server


class Secrets(Everything):
    def test_no_output_shows_a_password(self):
        for password, code in (("secret", 0), (WRONG, 4)):
            for ui in LINES:
                with self.subTest(ui=ui, password=password):
                    account = self.filled(password=password)
                    self.assert_hidden(password, *self.outputs(account, ui=ui))
                    self.assertEqual(self.code, code)
                    self.assertTrue((account.directory / "trace/trace.json").exists())

    def test_a_server_that_repeats_it_is_not_repeated(self):
        for password in ("hunter2-of-joe", "pw4joe", SPECIAL):
            for ui in LINES:
                with self.subTest(ui=ui, password=password):
                    account = self.account(self.parrot(password),
                                           password=password.replace("%", "%%"))
                    outputs = self.outputs(account, ui=ui)
                    self.assertEqual(self.code, 4, outputs)
                    self.assert_hidden(password, *outputs)
                    self.assertIn(b"(withheld)", self.log)
                    record = account.directory / "metadata/Account-Test/last-run.json"
                    self.assertIn("(withheld)", record.read_text())

    def test_nor_is_a_token(self):
        for ui in LINES:
            with self.subTest(ui=ui):
                account = self.account(self.parrot(TOKEN, "AUTH=XOAUTH2"), remote=XOAUTH2)
                outputs = self.outputs(account, ui=ui)
                self.assertEqual(self.code, 4, outputs)
                self.assert_hidden(TOKEN, *outputs)
                self.assertIn(b"(withheld)", self.log)

    def test_whatever_else_is_done_with_that_server(self):
        password = "hunter2-of-joe"
        account = self.account(self.parrot(password), password=password)
        for words in (["--info"], ["--dry-run"], ["--delete-folder", "INBOX"], ["-a", "Nobody"],
                      ["-q"], ["--plan-json", "-"]):
            with self.subTest(words):
                self.assert_hidden(password, *self.outputs(account, *words, ui="basic"))
                subprocess.run(["rm", "-r", str(account.directory / "trace")], check=False)
        for words in (["repair"], ["config", "check"], ["config", "convert"]):
            with self.subTest(words):
                done = subprocess.run([PROGRAM, *words, "-c", str(account.rc)], timeout=60,
                                      stdin=subprocess.DEVNULL, capture_output=True)
                if words[-1] != "convert":  # it writes the configuration
                    self.assert_hidden(password, done.stdout, done.stderr)

    def run_quietly(self, *words, **settings):
        done = subprocess.run([PROGRAM, *words], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, **settings)
        return [done.stdout, done.stderr]

    # What stands for the line of the password, or follows it.
    MISTAKES = ("remotepass {p}", "remotepass = {p}\nremotepass = {p}", "remotepass = {p}\n[general]",
                "remotepass = {p}%(nosuch)s", "remotepass = %{p}", "remotepas = {p}",
                "remotepasseval = '{p}' +", "remotepasseval = nosuch('{p}')",
                "remotepasseval = {{'a': '{p}'}}['b']", "remotepasseval = ['{p}']",
                "remotepass = {p}\nremoteport = x", "remotepass.command = echo {p}; exit 1")

    def test_a_mistake_in_the_configuration_shows_none(self):
        password = "hunter2-of-joe"
        for mistake in self.MISTAKES:
            with self.subTest(mistake):
                account = self.filled()
                rc = account.rc.read_text().replace("remotepass = secret", mistake.format(p=password))
                account.rc.write_text(rc)
                for words in (["-u", "basic", "-d", "all", "-o"], ["config", "check"], ["status"],
                              ["--info"], ["repair"]):
                    outputs = self.run_quietly(*words, "-c", str(account.rc))
                    self.assert_hidden(password, *outputs)
                converted = self.run_quietly("config", "convert", "-c", str(account.rc))
                self.assert_hidden(password, converted[1])

    def test_a_command_line_with_one_is_not_repeated(self):
        password = "hunter2-of-joe"
        account = self.filled()
        for option in (f"Repository_Remote:remotepass={password}", f"Nobody:remotepass={password}",
                       f"remotepass={password}", f"Repository_Remote:remotepas={password}"):
            with self.subTest(option):
                outputs = self.outputs(account, "-k", option, ui="basic")
                self.assert_hidden(password, *outputs)
                subprocess.run(["rm", "-rf", str(account.directory / "trace")], check=True)

    def test_what_is_started_is_not_given_it(self):
        seen = "env; cat /proc/self/environ /proc/$PPID/cmdline"
        account = self.filled(account="presynchook = " + seen)
        account.rc.write_text(account.rc.read_text().replace(
            "[Repository Remote]", f"[Repository Remote]\nnewmail_hook = lambda: __import__('os')"
                                   f".system('({seen}) > {account.directory}/seen')"))
        self.assert_hidden("secret", *self.outputs(account, ui="basic"))

    def test_a_plan_and_repair_show_none(self):
        password = "hunter2-of-joe"
        account = self.account(self.parrot(password), password=password)
        log, plan = account.directory / "log", account.directory / "plan"
        for words in (["repair", "-d", "all", "-u", "basic", "-l", str(log)],
                      ["--plan-json", str(plan), "-d", "all", "-u", "json", "-l", str(log)],
                      ["plugins", "--json"], ["config", "check"], ["status", "--json"]):
            with self.subTest(words):
                config = [] if words[0] == "plugins" else ["-c", str(account.rc)]
                self.assert_hidden(password, *self.run_quietly(*words, *config))
        for file in account.directory.rglob("*"):
            if file.is_file() and file != account.rc:
                self.assert_hidden(password, file.read_bytes())

    def test_the_stacks_that_quit_shows_have_none(self):
        account = self.filled(account="autorefresh = 5")
        log = account.directory / "output"
        with log.open("wb") as output:
            run = subprocess.Popen([PROGRAM, "-c", str(account.rc), "-u", "basic", "-d", "all"],
                                   stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)))
            self.addCleanup(run.kill)
            end = time.monotonic() + 30
            while b"Next refresh" not in log.read_bytes() and time.monotonic() < end:
                time.sleep(0.05)
            run.send_signal(signal.SIGQUIT)
            self.assertEqual(run.wait(30), -signal.SIGQUIT)
        self.assert_hidden("secret", log.read_bytes().replace(b"(secret)", b""))

    def test_on_a_terminal(self):
        password = "hunter2-of-joe"
        for ui in ("ttyui", "blinkenlights"):
            with self.subTest(ui=ui):
                account = self.account(self.parrot(password), password=password)
                log, trace = account.directory / "log", account.directory / "trace"
                run = self.on_terminal(account, "-o", "-u", ui, "-d", "all", "-l", str(log), "-P",
                                       str(trace), columns=250)
                self.assertTrue(run.wait_for(b"Enter password"), run.output)
                run.type(b"\n")
                self.assertEqual(run.finish(), 4, run.output)
                files = [log, *trace.iterdir()]
                self.assertGreater(len(files), 1)
                self.assert_hidden(password, run.output, *(file.read_bytes() for file in files))
                self.assertIn(b"(withheld)", run.output)

    @unittest.skipIf(os.path.exists("/dev/log") or os.geteuid() != 0, "needs a /dev/log of its own")
    def test_in_syslog(self):
        password = "hunter2-of-joe"
        for arguments in (["-s"], ["-u", "syslog"]):
            with self.subTest(arguments), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
                log.bind("/dev/log")
                self.addCleanup(pathlib.Path("/dev/log").unlink, missing_ok=True)
                account = self.account(self.parrot(password), password=password)
                received = []

                def receive():
                    while data := log.recv(65536):
                        received.append(data)
                reader = threading.Thread(target=receive, daemon=True)
                reader.start()
                account.sync("-d", "all", *arguments)
                with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
                    end.sendto(b"", "/dev/log")
                reader.join(10)
                pathlib.Path("/dev/log").unlink()
                self.assert_hidden(password, *received)
                self.assertTrue(any(b"(withheld)" in line for line in received), received)
                self.assertTrue(all(b"offlineimap[" in line for line in received), received)


if __name__ == "__main__":
    unittest.main(verbosity=2)
