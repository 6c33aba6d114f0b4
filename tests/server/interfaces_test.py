#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The user interfaces that write lines, with the whole program and a real Dovecot. PROGRAM is the
built offlineimap."""
import json
import os
import re
import socket
import struct
import subprocess
import threading
import time
import unittest
import urllib.parse

from account import PLAIN, text
from interface import PROGRAM, InterfaceTest

DEFECT = os.environ.get("DEFECT_PLUGINS")


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
        folder = "Folder INBOX [acc: Test]"
        self.assertEqual(said["copyingmessage"][0][0], folder)
        self.assertEqual(said["syncfolders"], [("Account sync Test", "IMAP\nMaildir")])
        self.assertEqual(said["registerthread"], [("Account sync Test", "Test"), (folder, "Test")])
        ends = [("MainThread", folder), ("MainThread", "Account sync Test")]
        self.assertEqual((said["threadExited"], said["unregisterthread"]), (ends, ends))
        self.assertIn((folder, "IMAP\nINBOX\n5"), said["messagelistloaded"])
        self.assertIn((folder, "Maildir\nINBOX"), said["loadmessagelist"])

        account.mark(account.files("INBOX")[0], "FS")
        account.files("INBOX")[1].unlink()
        done = account.sync("-u", "machineui")
        self.assertRegex(done.stdout, r"msg:addingflags:[^:]*:\d+%0AF%0AINBOX\n")
        self.assertRegex(done.stdout, r"msg:deletingmessages:[^:]*:\d+%0AIMAP%09INBOX\n")

    def machine(self, account, *arguments, answer=""):
        """(severity, command, thread, payload), unquoted"""
        done = subprocess.run([PROGRAM, "-o", "-c", str(account.rc), "-u", "machineui", *arguments],
                              input=answer, capture_output=True, text=True, timeout=60)
        self.code = done.returncode
        records = [line.split(":") for line in done.stdout.splitlines()[2:]]
        return [(severity, command, *map(urllib.parse.unquote_plus, rest))
                for severity, command, *rest in records]

    def test_machineui_names_what_is_debugged(self):
        records = self.machine(self.filled(), "-d", "all")
        self.assertEqual([r for r in records if r[1] == "debugging"],
                         [("debug", "debugging", "MainThread", kind)
                          for kind in ("imap", "maildir", "thread")])
        self.assertTrue(any(r[:2] == ("debug", "") and "CAPABILITY" in r[3] for r in records))

    def test_machineui_tells_of_new_uids(self):
        account = self.filled()

        def make_anew():
            connection = account.imap()
            connection.delete("Work")
            connection.create("Work")
            connection.append("Work", "", None, text(f"of {time.time()}"))
            status = connection.status("Work", "(UIDVALIDITY)")[1][0]
            connection.logout()
            return re.search(rb"UIDVALIDITY (\d+)", status)[1].decode()
        before = make_anew()
        account.sync()
        now = make_anew()
        self.assertIn(("warn", "validityproblem", "Folder Work [acc: Test]",
                       f"Work\nRemote\n{before}\n{now}"), self.machine(account))
        self.assertEqual(self.code, 2)

    def test_machineui_names_threads_of_translated_folders(self):
        account = self.filled(remote=PLAIN + "\nnametrans = lambda name: name.replace('INBOX', 'In')",
                              local="nametrans = lambda name: name.replace('In', 'INBOX')")
        threads = {r[2] for r in self.machine(account)}
        self.assertIn("Folder In [remote name INBOX] [acc: Test]", threads)
        self.assertFalse([t for t in threads if t.startswith("Folder") and "remote name" not in t])

    def test_machineui_tells_why_it_asks_again(self):
        account = self.filled(password="wrong")
        records = self.machine(account, answer="secret\n")
        self.assertEqual(self.code, 0, records)
        commands = [r[1] for r in records]
        asked = commands.index("getpasserror")
        self.assertEqual(records[asked][0], "warn")
        self.assertRegex(records[asked][3], r"^joe\n.*AUTHENTICATIONFAILED")
        self.assertEqual(records[asked + 1], ("msg", "getpass", "MainThread", "joe"))

    def test_machineui_and_json_tell_what_ends_the_program(self):
        account = self.filled()
        records = self.machine(account, "-a", "Nobody")
        self.assertEqual(self.code, 3)
        self.assertEqual(records[-2][:3], ("error", "", "MainThread"))
        self.assertIn('there is no account "Nobody"', records[-2][3])
        self.assertEqual(records[-1], ("msg", "terminate", "MainThread", "0\n\n"))
        done = account.sync("-u", "json", "-a", "Nobody")
        failures = [o for o in map(json.loads, done.stdout.splitlines()) if o["event"] == "failure"]
        self.assertEqual(failures[0]["error"]["code"], "config")

    @unittest.skipUnless(DEFECT, "no plugins of the tests' own")
    def test_machineui_tells_of_defects(self):
        account = self.filled()
        defect = ["-k", f"plugin-path={DEFECT}", "-k", "Repository_Remote:type=defect"]
        told = "out of range: 7 of 3"
        records = self.machine(account, *defect)
        self.assertEqual(self.code, 1, records)
        thread, text = next(r[3] for r in records if r[1] == "threadException").split("\n", 1)
        self.assertEqual(thread, "Account sync Test")
        self.assertIn(told, text)
        self.assertIn("defect", next(r[3] for r in records if told in r[3] and r[1] == ""))
        records = self.machine(account, *defect, "--delete-folder", "INBOX")
        self.assertEqual(self.code, 1, records)
        self.assertEqual([r[:3] for r in records if r[1].endswith("Exception")],
                         [("warn", "mainException", "MainThread")])
        self.assertIn(told, next(r[3] for r in records if r[1] == "mainException"))
        self.assertEqual(records[-1][1:], ("terminate", "MainThread", "0\n\n"))
        for ui in ("basic", "ttyui", "quiet", "json"):
            done = account.sync("-u", ui, *defect)
            self.assertIn(told, done.stdout + done.stderr)
            self.assertNotIn("terminate called", done.stdout + done.stderr)

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

    def test_what_ends_the_program_is_seen_once_on_a_terminal_and_on_each_of_two_streams(self):
        account = self.filled()
        what = b'there is no account "Nobody"'
        for ui in ("basic", "quiet", "ttyui"):
            with self.subTest(ui=ui):
                run = self.on_terminal(account, "-o", "-u", ui, "-a", "Nobody")
                self.assertEqual(run.finish(), 3)
                self.assertEqual(run.output.count(what), 1, run.output)
                command = [PROGRAM, "-o", "-c", str(account.rc), "-u", ui, "-a", "Nobody"]
                one = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                self.assertEqual(one.stdout.count(what), 1, one.stdout)
                two = subprocess.run(command, capture_output=True)
                self.assertEqual(two.stderr.count(what), 1, two.stderr)
                self.assertEqual(two.stdout.count(what), 0 if ui == "ttyui" else 1, two.stdout)

    def test_a_closed_stream_is_nobody_else_s(self):
        for closed in (">&-", "2>&-", "<&- >&- 2>&-"):
            with self.subTest(closed):
                account = self.filled()
                seen = account.directory / "seen"
                account.rc.write_text(account.rc.read_text().replace(
                    "[Account Test]", f"[Account Test]\npresynchook = for n in 0 1 2; do readlink "
                    f"/proc/$PPID/fd/$n; done > {seen}"))
                done = subprocess.run(["sh", "-c", f"exec {PROGRAM} -o -u basic -c {account.rc} {closed}"],
                                      stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
                self.assertEqual(done.returncode, 0)
                streams = seen.read_text().split()
                for number in (0, 1, 2):
                    name = {0: "<&-", 1: " >&-", 2: "2>&-"}[number]
                    if name in " " + closed:
                        self.assertEqual(streams[number], "/dev/null")

    def test_problems_are_summed_up(self):
        account = self.filled()
        done = account.sync("-u", "basic", "-k", "Repository_Remote:remoteport=1")
        self.assertEqual(done.returncode, 5)
        self.assertIn("ERROR: 1 problem in this run:\n  Test: ", done.stdout)
        self.assertIn("check the network", done.stdout)
        self.assertNotIn("Traceback", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
