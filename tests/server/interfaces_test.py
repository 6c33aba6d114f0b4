#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each user interface with the whole program and a real Dovecot, on a real terminal or display.
PROGRAM is the built offlineimap. No password may be seen anywhere."""
import base64
import fcntl
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import termios
import threading
import time
import unittest
import urllib.parse

from account import PLAIN, Account, text
from dovecot import Dovecot

PROGRAM = os.environ["PROGRAM"]
LINES = ["basic", "quiet", "machineui", "json", "syslog", "ttyui"]
ON_TERMINAL = ["ttyui", "blinkenlights"]
WRONG = "this-is-no-password-of-joe"


class OnTerminal:
    """The program with a terminal of its own, which we keep open to see how it is left."""

    def __init__(self, command, columns=100, rows=30):
        self.master, self.end = pty.openpty()
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self.end)
        self.output = b""
        self.process = subprocess.Popen(
            ["setsid", "-c", *command], stdin=self.end, stdout=self.end, stderr=self.end,
            env={**os.environ, "TERM": "xterm-256color"})

    def read(self, seconds):
        if select.select([self.master], [], [], seconds)[0]:
            self.output += os.read(self.master, 65536)
            return True
        return False

    def wait_for(self, words, seconds=60):
        end = time.monotonic() + seconds
        while words not in self.output and time.monotonic() < end:
            self.read(0.1)
        return words in self.output

    def resize(self, columns, rows):
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        os.write(self.master, keys)

    def finish(self, seconds=60):
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.1)
        if self.process.poll() is None:
            self.process.kill()
            raise AssertionError(f"still running: {self.output[-2000:]!r}")
        while self.read(0.1):
            pass
        self.after = termios.tcgetattr(self.end)
        os.close(self.master)
        os.close(self.end)
        return self.process.returncode


class InterfaceTest(unittest.TestCase):
    def serve(self, **settings):
        directory = tempfile.TemporaryDirectory(prefix="offlineimap-server-")
        self.addCleanup(directory.cleanup)
        server = Dovecot(directory.name, **settings)
        self.addCleanup(server.stop)
        return server.start()

    def account(self, server, **settings):
        account = Account(server, PROGRAM, **settings)
        self.addCleanup(account.scratch.cleanup)
        return account

    def filled(self, **settings):
        account = self.account(self.serve(), **settings)
        for i in range(5):
            account.append("INBOX", text(f"in {i}"))
        return account

    def on_terminal(self, account, *arguments, **size):
        run = OnTerminal([PROGRAM, "-c", str(account.rc), *arguments], **size)
        self.addCleanup(run.process.kill)
        return run

    def assert_hidden(self, secret, *outputs):
        forms = [secret.encode(), base64.b64encode(b"\0joe\0" + secret.encode())]
        for output in outputs:
            for form in forms:
                self.assertNotIn(form, output if isinstance(output, bytes) else output.encode())


class Lines(InterfaceTest):
    def test_machineui_speaks_the_original_s_protocol(self):
        account = self.filled()
        done = account.sync("-u", "machineui")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        lines = done.stdout.splitlines()
        self.assertTrue(lines[0].startswith("OfflineIMAP "), lines[0])
        self.assertEqual(lines[2], "msg:protocol:MainThread:7.2.0")
        self.assertTrue(lines[3].startswith("msg:initbanner:MainThread:OfflineIMAP+"), lines[3])
        self.assertEqual(lines[-1], "msg:terminate:MainThread:0%0A%0A")
        records = [line.split(":") for line in lines[2:]]
        for record in records:
            self.assertEqual(len(record), 4, record)
        said = {}
        for _, command, thread, payload in records:
            said.setdefault(command, []).append(
                (urllib.parse.unquote_plus(thread), urllib.parse.unquote_plus(payload)))
        self.assertEqual(said["acct"], [("Account sync Test", "Test")])
        self.assertEqual(said["acctdone"], [("Account sync Test", "Test")])
        port = account.server.port
        self.assertEqual(said["connecting"][0][1], f"127.0.0.1\n{port}\nRemote")
        self.assertIn(("Folder INBOX [acc: Test]", "IMAP\nINBOX\nMaildir\nINBOX\n"),
                      said["syncingfolder"])
        self.assertEqual(
            sorted(payload for _, payload in said["copyingmessage"]),
            [f"{uid}\nIMAP\nINBOX\nMaildir[INBOX]" for uid in range(1, 6)])
        self.assertEqual(said["copyingmessage"][0][0], "Copy message from Remote:INBOX")

        account.mark(account.files("INBOX")[0], "FS")
        account.files("INBOX")[1].unlink()
        done = account.sync("-u", "machineui")
        self.assertRegex(done.stdout, r"msg:addingflags:[^:]*:\d+%0AF%0AINBOX\n")
        self.assertRegex(done.stdout, r"msg:deletingmessages:[^:]*:\d+%0AIMAP%09INBOX\n")

    def test_machineui_asks_for_the_password(self):
        account = self.filled()
        account.rc.write_text(account.rc.read_text().replace("remotepass = secret\n", ""))
        done = subprocess.run([PROGRAM, "-o", "-c", str(account.rc), "-u", "machineui"],
                              input="secret\n", capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("msg:getpass:MainThread:joe\n", done.stdout)
        self.assertEqual(account.local()["INBOX"].total(), 5)

    def test_json_is_one_object_a_line(self):
        account = self.filled()
        done = account.sync("-u", "json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        objects = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual((objects[0]["event"], objects[0]["protocol"]), ("hello", 1))
        self.assertEqual(objects[-1], {"event": "end"})
        copies = [o for o in objects if o["event"] == "copying" and "messages" in o]
        self.assertEqual(sorted(o["messages"] for o in copies), [[str(i)] for i in range(1, 6)])
        self.assertEqual(copies[0]["from"],
                         {"repository": "Remote", "type": "imap", "folder": "INBOX"})
        workers = {o["worker"] for o in objects if "worker" in o}
        self.assertTrue(workers and max(workers) < 20, workers)
        done = account.sync("-u", "json", "-k", "Repository_Remote:remoteport=1")
        failures = [o for o in map(json.loads, done.stdout.splitlines()) if o["event"] == "failure"]
        self.assertEqual(failures[0]["error"]["code"], "network")

    def test_the_journal_gets_fields(self):
        account = self.filled()
        path = account.directory / "journal"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
            journal.bind(str(path))
            received = []

            def receive():
                while data := journal.recv(65536):
                    received.append(data)
            reader = threading.Thread(target=receive, daemon=True)
            reader.start()
            done = subprocess.run(
                [PROGRAM, "-o", "-c", str(account.rc), "-u", "syslog"], capture_output=True,
                text=True, timeout=60, env={**os.environ, "OFFLINEIMAP_JOURNAL": str(path)})
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
                end.sendto(b"", str(path))
            reader.join(10)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        message = b"*** Processing account Test"
        entry = next(entry for entry in received if message in entry)
        self.assertIn(b"MESSAGE\n" + struct.pack("<Q", len(message)) + message + b"\n", entry)
        self.assertIn(b"OFFLINEIMAP_ACCOUNT\n" + struct.pack("<Q", 4) + b"Test\n", entry)
        self.assertIn(b"PRIORITY\n" + struct.pack("<Q", 1) + b"6\n", entry)

    def test_the_first_usable_one_of_a_list_is_taken(self):
        account = self.filled(ui="Tk.Blinkenlights, Curses.Blinkenlights, Noninteractive.Basic")
        environment = {k: v for k, v in os.environ.items() if k != "DISPLAY"}
        done = subprocess.run(
            [PROGRAM, "-o", "-c", str(account.rc)], capture_output=True, text=True, timeout=60,
            stdin=subprocess.DEVNULL, env=environment)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("*** Finished account 'Test'", done.stdout)
        self.assertIn("curses.blinkenlights is not usable here", done.stdout)

    def test_an_unknown_one_is_refused_with_the_names_of_the_others(self):
        done = self.filled().sync("-u", "nosuch")
        self.assertEqual(done.returncode, 3)
        self.assertIn("basic", done.stderr)

    def test_problems_are_summed_up(self):
        account = self.filled()
        done = account.sync("-u", "basic", "-k", "Repository_Remote:remoteport=1")
        self.assertEqual(done.returncode, 5)
        self.assertIn("ERROR: 1 problem in this run:\n  Test: ", done.stdout)
        self.assertIn("check the network", done.stdout)
        self.assertNotIn("Traceback", done.stdout + done.stderr)


class Terminals(InterfaceTest):
    def test_blinkenlights_shows_and_leaves_the_terminal_as_it_was(self):
        for columns, rows in ((100, 30), (20, 4), (1, 1)):
            with self.subTest(columns=columns, rows=rows):
                account = self.filled()
                run = self.on_terminal(account, "-o", "-u", "blinkenlights", columns=columns,
                                       rows=rows)
                self.assertEqual(run.finish(), 0, run.output)
                self.assertEqual(run.after, run.before)
                self.assertIn(b"\x1b[?1049h", run.output)
                self.assertTrue(run.output.rstrip().endswith(b"\x1b[?1l\x1b>")
                                or b"\x1b[?1049l" in run.output[-200:], run.output[-200:])
                self.assertEqual(account.local()["INBOX"].total(), 5)

    def test_blinkenlights_counts_down_and_obeys_its_keys(self):
        account = self.filled(account="autorefresh = 5")
        run = self.on_terminal(account, "-u", "blinkenlights")
        self.assertTrue(run.wait_for(b"Next sync in"), run.output)
        account.append("INBOX", text("later"))
        run.resize(60, 10)
        run.type(b"0")
        end = time.monotonic() + 30
        while account.local()["INBOX"].total() < 6 and time.monotonic() < end:
            run.read(0.1)
        self.assertEqual(account.local()["INBOX"].total(), 6)
        run.type(b"q")
        run.finish()
        self.assertEqual(run.after, run.before)

    def test_a_signal_leaves_the_terminal_as_it_was(self):
        account = self.filled(account="autorefresh = 5")
        run = self.on_terminal(account, "-u", "blinkenlights")
        self.assertTrue(run.wait_for(b"Next sync in"), run.output)
        pid = int(subprocess.check_output(["pgrep", "-f", str(account.rc)]).split()[-1])
        os.kill(pid, signal.SIGTERM)
        run.finish()
        self.assertEqual(run.after, run.before)
        self.assertIn(b"\x1b[?1049l", run.output)

    def test_a_password_is_asked_for_without_an_echo(self):
        for ui in ON_TERMINAL:
            with self.subTest(ui=ui):
                account = self.filled()
                account.rc.write_text(
                    account.rc.read_text().replace("remotepass = secret\n", ""))
                run = self.on_terminal(account, "-o", "-u", ui)
                self.assertTrue(run.wait_for(b"Enter password"), run.output)
                while termios.tcgetattr(run.end)[3] & termios.ECHO:
                    run.read(0.05)
                run.type(b"secret\n")
                self.assertEqual(run.finish(), 0, run.output)
                self.assert_hidden("secret", run.output)
                self.assertEqual(account.local()["INBOX"].total(), 5)

    def test_ttyui_shows_plain_lines_without_a_terminal_and_colour_only_on_one(self):
        account = self.filled()
        done = account.sync("-u", "ttyui")
        self.assertNotIn("\x1b", done.stdout + done.stderr)
        run = self.on_terminal(account, "-o", "-u", "ttyui", "-k",
                               "Repository_Remote:remoteport=1")
        run.finish()
        self.assertIn(b"\x1b[31mERROR", run.output)


class Secrets(InterfaceTest):
    def test_no_output_shows_a_password(self):
        for password, code in (("secret", 0), (WRONG, 4)):
            for ui in LINES:
                with self.subTest(ui=ui, password=password):
                    account = self.filled(password=password)
                    log = account.directory / "log"
                    done = account.sync("-u", ui, "-d", "all", "-l", str(log))
                    self.assertEqual(done.returncode, code, done.stderr)
                    self.assert_hidden(password, done.stdout, done.stderr, log.read_bytes())

    def test_a_server_that_repeats_it_is_not_repeated(self):
        password = "hunter2-of-joe"
        for ui in LINES:
            with self.subTest(ui=ui), socket.create_server(("127.0.0.1", 0)) as listener:
                threading.Thread(target=self.parrot, args=(listener, password),
                                 daemon=True).start()
                account = self.account(type("Server", (), {"port": listener.getsockname()[1]}),
                                       password=password)
                log = account.directory / "log"
                done = account.sync("-u", ui, "-d", "all", "-l", str(log))
                self.assertNotEqual(done.returncode, 0)
                self.assert_hidden(password, done.stdout, done.stderr, log.read_bytes())
                self.assertIn("(withheld)", log.read_text())

    @staticmethod
    def parrot(listener, password):
        try:
            while True:
                peer, _ = listener.accept()
                with peer, peer.makefile("rwb") as stream:
                    stream.write(b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n")
                    stream.flush()
                    for line in stream:
                        tag = line.split(b" ")[0].strip()
                        if b"CAPABILITY" in line:
                            stream.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n" + tag + b" OK\r\n")
                        elif b"AUTHENTICATE" in line:
                            stream.write(b"+ \r\n")
                            stream.flush()
                            stream.readline()
                            stream.write(tag + b" NO wrong password " + password.encode() + b"\r\n")
                        elif b"LOGOUT" in line:
                            stream.write(tag + b" OK\r\n")
                        else:
                            stream.write(b"* OK you said " + password.encode() + b"\r\n" + tag
                                         + b" NO not " + password.encode() + b"\r\n")
                        stream.flush()
        except OSError:
            return


@unittest.skipUnless(shutil.which("Xvfb"), "Xvfb is not installed")
class Displays(InterfaceTest):
    def display(self):
        read, write = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "900x600x24", "-nolisten", "tcp",
             "-noreset"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        os.close(write)
        with open(read) as answer:
            number = answer.readline().strip()
        return ":" + number

    def run_on(self, display, account, *arguments):
        run = subprocess.Popen([PROGRAM, "-c", str(account.rc), *arguments],
                               env={**os.environ, "DISPLAY": display}, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(run.kill)
        return run

    def test_both_windows_synchronise_and_end(self):
        for ui in ("Tk.Blinkenlights", "Tk.VerboseUI"):
            with self.subTest(ui=ui):
                account = self.filled()
                run = self.run_on(self.display(), account, "-o", "-u", ui)
                output = run.communicate(timeout=60)
                self.assertEqual((run.returncode, *output), (0, "", ""))
                self.assertEqual(account.local()["INBOX"].total(), 5)

    @unittest.skipUnless(shutil.which("xdotool"), "xdotool is not installed")
    def test_keys_answer_the_password_dialog_and_closing_the_window_stops(self):
        account = self.filled(account="autorefresh = 5")
        account.rc.write_text(account.rc.read_text().replace("remotepass = secret\n", ""))
        display = self.display()
        run = self.run_on(display, account, "-u", "Tk.Blinkenlights")

        def xdotool(*words):
            return subprocess.run(["xdotool", *words], env={**os.environ, "DISPLAY": display},
                                  capture_output=True, text=True, timeout=30)

        def find(name):
            end = time.monotonic() + 30
            while time.monotonic() < end:
                if found := xdotool("search", "--onlyvisible", "--name", name).stdout.split():
                    return found[-1]
                time.sleep(0.1)
            self.fail(f"no window {name}")
        window = find("OfflineIMAP asks")
        if shot := os.environ.get("SCREENSHOT"):
            subprocess.run(["import", "-display", display, "-window", "root", "ask-" + shot])
        xdotool("windowfocus", "--sync", window)
        xdotool("type", "secret")
        xdotool("key", "Return")
        end = time.monotonic() + 30
        while "INBOX" not in account.local() and time.monotonic() < end:
            time.sleep(0.1)
        window = find("^OfflineIMAP$")
        if shot:
            time.sleep(1)
            subprocess.run(["import", "-display", display, "-window", "root", shot], check=True)
        xdotool("windowclose", window)
        output = run.communicate(timeout=30)
        self.assert_hidden("secret", *output)
        self.assertEqual(account.local()["INBOX"].total(), 5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
