#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every option of both manuals of the original and of its last version: it is taken, does what is
said of it, and wrong use of it gets one clear line. PROGRAM is the built offlineimap."""
import json
import os
import pty
import re
import subprocess
import unittest

from account import MAILDIR, text
from cases import PROGRAM, ServerTest

FOLDERS = ["Archive", "INBOX", "Work", "Work/Deep"]
ALL = {name: 1 for name in FOLDERS}

# arguments; exit code; {what is in it: a regular expression}; the local folders afterwards.
# "out", "err": the streams; "log": the file of -l. None: nobody looks.
GOOD = [
    (["-h"], 0, {"out": r"^Usage: offlineimap \[options\]"}, {}),
    (["--help"], 0, {"out": r"^Usage: "}, {}),
    (["help"], 0, {"out": r"^Usage: "}, {}),
    (["--version"], 0, {"out": r"^\d+\.\d+\.\d+\n$"}, {}),
    (["-V"], 0, {"out": r"^offlineimap v\d+\.\d+\.\d+, .*repo_imap v.*\n$"}, {}),
    (["-V", "-c", "/no/such/file"], 0, {"out": r"^offlineimap v"}, {}),
    ([], 0, {"out": r"^$"}, ALL),
    (["-o"], 0, {"out": r"^$"}, ALL),
    (["-1"], 0, {}, ALL),
    (["-o1q"], 0, {}, ALL),
    (["-q"], 0, {}, ALL),
    (["-a", "Test"], 0, {}, ALL),
    (["-aTest"], 0, {}, ALL),
    (["-a", "Test,Other"], 0, {"out": r"^$"}, ALL),
    (["-a", "Other", "-u", "basic"], 0, {"out": r"Processing account Other"}, {}),
    (["-f", "Work"], 0, {}, {"Work": 1}),
    (["-f", "Work,Work/Deep"], 0, {}, {"Work": 1, "Work/Deep": 1}),
    (["-f", "Work,Wrok", "-u", "basic"], 0, {"out": r"there is no folder Wrok \(-f\)\n"},
     {"Work": 1}),
    (["-f", "Filtered"], 0, {}, {"Filtered": 1}),
    (["-k", "Repository_Local:localfolders={dir}/elsewhere"], 0, {}, {}),
    (["-k", "ui=basic", "-k", "fsync=no"], 0, {"out": r"\*\*\* Finished account 'Test'"}, ALL),
    (["-k", "Account_Test:quick=10", "-k", "Account_Test:autorefresh=0"], 0, {}, ALL),
    (["-u", "basic"], 0, {"out": r"\*\*\* Processing account Test\n"}, ALL),
    (["-uquiet"], 0, {"out": r"^$", "err": r"^$"}, ALL),
    (["-u", "quiet", "-u", "ttyui"], 0, {"err": r"\*\*\* Finished", "out": r"^$"}, ALL),
    (["-u", "TTY.TTYUI"], 0, {"err": r"\*\*\* Finished"}, ALL),
    (["-u", "Noninteractive.Basic"], 0, {"out": r"\*\*\* Finished"}, ALL),
    (["-u", "Noninteractive.Quiet"], 0, {"out": r"^$", "err": r"^$"}, ALL),
    (["-u", "Machine.MachineUI"], 0, {"out": r"msg:terminate:MainThread:0%0A%0A\n$"}, ALL),
    (["-u", "syslog"], 0, {"out": r"^$", "err": r"^$"}, ALL),
    (["-u", "json"], 0, {"out": r'"event":"end"'}, ALL),
    (["-s"], 0, {"out": r"^$"}, ALL),
    (["-u", "blinkenlights"], 0, {"out": r"\x1b\[\?1049h"}, ALL),  # forced is forced
    (["-l", "{dir}/log"], 0, {"log": r"(?s)starting.*INFO: \*\*\* Finished account 'Test'"}, ALL),
    (["-d", "imap", "-u", "basic"], 0, {"out": r"CAPABILITY"}, ALL),
    (["-d", "maildir", "-u", "basic"], 0, {"out": r"Now debugging for maildir"}, ALL),
    (["-d", "thread", "-u", "basic"], 0, {"out": r"Now debugging for thread"}, ALL),
    (["-d", "imap,maildir", "-u", "basic"], 0, {"out": r"(?s)for imap.*for maildir"}, ALL),
    (["-d", "ALL", "-u", "basic"], 0, {"out": r"(?s)for imap.*for maildir.*for thread"}, ALL),
    (["-d", "imap,nosuch"], 0, {"out": r'"nosuch" is not one of imap, maildir, thread'}, ALL),
    (["-P", "{dir}/trace"], 0, {}, ALL),
    (["--dry-run", "-u", "basic"], 0, {"out": r"Creating folder Work"}, {}),
    (["--dry", "-u", "basic"], 0, {"out": r"Creating folder Work"}, {}),
    (["--info"], 0, {"err": r"(?s)Remote repository 'Remote'.*Work: 1 message", "out": r"^$"}, {}),
    (["--info", "-u", "json"], 0, {"err": r"Remote repository 'Remote'"}, {}),
    (["--info", "--column"], 0, {"err": r"\n   \S+.*  +\S+"}, {}),
    (["--info", "--column=never"], 0, {"err": r"\n   Work/Deep: 1 message, 1 unread, 1 kB\n"}, {}),
    (["--info", "--column=row,dense"], 0, {"err": r"\n   \S+.*  +\S+"}, {}),
    (["--info", "--column=auto"], 0, {"err": r"\n   Work/Deep: 1 message"}, {}),
    (["--info", "--column", "--no-column"], 0, {"err": r"\n   Work/Deep: 1 message"}, {}),
    (["--info", "--column", "-d", "maildir"], 0, {"err": r"\n   Work/Deep: 1 message"}, {}),
    (["--no-column"], 0, {}, ALL),
    (["--delete-folder", "Archive"], 0, {}, {}),
    (["--delete-folder=Archive", "--dry-run", "-u", "basic"], 0, {"out": r"Archive"}, {}),
    (["--mbnames-prune"], 0, {}, {}),
    (["--migrate-fmd5-using-nametrans"], 1, {"err": r"Maildir"}, {}),
    (["superfluous"], 0, {"out": r'"superfluous" is not used'}, ALL),
    (["--ignore-keyring"], 0, {}, ALL),
    (["--update-keyring"], 4, {"out": r"keyring"}, ALL),
]

# arguments; exit code; what is said in one line on the error stream.
BAD = [
    (["--nosuch"], 2, r"'--nosuch'"),
    (["-z"], 2, r"'-z'"),
    (["--d"], 2, r"'--d.*'"),
    (["-c"], 2, r"'-c'"),
    (["-k"], 2, r"'-k'"),
    (["-k", "nothing"], 3, r"-k: expected"),
    (["-k", "Account_Nobody:quick=1"], 3, r"Account Nobody"),
    (["-k", "Account_Test:nosuch=1", "-k", "Account_Test:autorefresh=often"], 3, r"autorefresh"),
    (["-c", "/no/such/file"], 3, r"/no/such/file"),
    (["-a", "Nobody"], 3, r'"Nobody"; there are: Test, Other'),
    (["-u", "nosuch"], 3, r"nosuch"),
    (["-l", "/no/such/folder/log"], 3, r"/no/such/folder/log"),
    (["-P", "{dir}"], 3, r"-P.*exists"),
    (["-P", "/no/such/folder/trace"], 3, r"/no/such/folder/trace"),
    (["--info=yes"], 2, r"info"),
    (["--info", "--column=sideways"], 2, r'--column: "sideways" is not one of always'),
    (["--delete-folder"], 2, r"delete-folder"),
    (["--delete-folder", "Work", "-a", "Test,Other"], 3, r"exactly one account"),
    (["-o", "status"], 2, r"status has to come first"),
    (["help", "nosuch"], 2, r"nosuch"),
    (["status", "--nosuch"], 2, r"'--nosuch'"),
    (["status", "-a", "Nobody"], 3, r"\"Nobody\"; there are: Test, Other"),
]


class CommandLineTest(ServerTest):
    def filled(self):
        account = self.account(self.shared_server())
        connection = account.imap()
        for name in FOLDERS + ["Filtered"]:
            if name != "INBOX":
                connection.create(name)
            connection.append(name, "", None, text(f"in {name}"))
        connection.logout()
        other = MAILDIR.format(dir=account.directory / "other")
        rc = account.rc.read_text().replace("accounts = Test", "accounts = Test\nfsync = no")
        remote = rc[rc.index("[Repository Remote]"):]
        rc = rc.replace(remote, remote + "folderfilter = lambda name: name != 'Filtered'\n")
        account.rc.write_text(rc + f"""
[Account Other]
localrepository = OtherLocal
remoterepository = OtherRemote
[Repository OtherLocal]
{other}
{remote.replace('[Repository Remote]', '[Repository OtherRemote]')}
""")
        return account

    def run_program(self, account, arguments):
        words = [word.replace("{dir}", str(account.directory)) for word in arguments]
        config = [] if "-c" in words or words[:1] == ["help"] else ["-c", str(account.rc)]
        environment = {**os.environ, "DISPLAY": "", "TERM": "xterm"}
        return subprocess.run([PROGRAM, *words, *config], stdin=subprocess.DEVNULL, timeout=60,
                              capture_output=True, text=True, env=environment)

    @staticmethod
    def local(account):
        if not account.mail.exists():
            return {}
        return {name: box.total() for name, box in account.local().items()}


class CommandLine(CommandLineTest):
    def test_every_option_does_what_is_said_of_it(self):
        for arguments, code, shown, folders in GOOD:
            with self.subTest(arguments):
                account = self.filled()
                done = self.run_program(account, arguments)
                if code is not None:
                    self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                log = account.directory / "log"
                said = {"out": done.stdout, "err": done.stderr,
                        "log": log.read_text() if log.exists() else ""}
                for where, expected in shown.items():
                    self.assertRegex(said[where], expected)
                if folders is not None:
                    self.assertEqual(self.local(account), folders)
                self.assertNotIn("Traceback", done.stdout + done.stderr)

    def test_wrong_use_gets_one_clear_line(self):
        for arguments, code, said in BAD:
            with self.subTest(arguments):
                account = self.filled()
                done = self.run_program(account, arguments)
                if code is not None:
                    self.assertEqual(done.returncode, code, done.stdout + done.stderr)
                self.assertNotEqual(done.returncode, 0, done.stdout + done.stderr)
                self.assertRegex(done.stderr, said)
                self.assertRegex(done.stderr, r"^(offlineimap|ERROR): [^\n]*\n(there are: [^\n]*\n)?$")
                self.assertEqual(self.local(account), {})

    def test_every_option_of_the_help_is_in_the_tables(self):
        written = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True,
                                 check=True).stdout
        known = {word.split("=")[0] for arguments, *_ in GOOD + BAD for word in arguments}
        ours = {"--plan-json", "--apply", "--approve-deletes"}  # plan_test.py has these
        names = set(re.findall(r"^  (--?[\w-]+)", written, re.M)) - ours
        self.assertGreater(len(names), 20)
        self.assertEqual(names - known - {"-c"}, set())

    def test_one_thread_of_work_with_1_with_p_and_with_d(self):
        for arguments in (["-1"], ["-P", "{dir}/trace"], ["-d", "imap"], ["-d", "maildir"]):
            with self.subTest(arguments):
                account = self.filled()
                account.rc.write_text(account.rc.read_text().replace(
                    "[Repository Remote]", "[Repository Remote]\nmaxconnections = 4"))
                done = self.run_program(account, [*arguments, "-u", "basic"])
                self.assertEqual(done.stdout.count("Establishing connection"), 1, done.stdout)

    def test_p_writes_a_trace_and_a_summary(self):
        account = self.filled()
        self.run_program(account, ["-P", "{dir}/trace"])
        events = json.loads((account.directory / "trace/trace.json").read_text())
        names = " ".join(event.get("name", "") for event in events)
        for part in ("FETCH", "flush", "transaction", "run"):
            self.assertIn(part, names)
        self.assertIn("longest ms", (account.directory / "trace/summary.txt").read_text())
        self.assertEqual((account.directory / "trace").stat().st_mode & 0o777, 0o700)

    def test_q_leaves_flags_of_the_server_alone_and_o_ends(self):
        account = self.filled()
        account.rc.write_text(account.rc.read_text().replace(
            "[Account Test]", "[Account Test]\nautorefresh = 5"))
        self.run_program(account, ["-o"])
        connection = account.imap()
        connection.select("Work")
        connection.store("1", "+FLAGS", "(\\Flagged)")
        connection.logout()
        self.run_program(account, ["-o", "-q"])
        self.assertNotEqual(account.local()["Work"], account.remote()["Work"])
        self.run_program(account, ["-o"])
        self.assertEqual(account.local()["Work"], account.remote()["Work"])


class Information(CommandLineTest):
    def info(self, account, *arguments):
        done = self.run_program(account, ["--info", "-a", "Test", *arguments])
        self.said = done.stderr
        return done

    def test_both_repositories_their_folders_and_how_they_are_put_together(self):
        account = self.filled()
        account.rc.write_text(
            account.rc.read_text()
            .replace("[Repository Remote]", "[Repository Remote]\nnametrans = lambda name: "
                     "re.sub('^Work', 'Job', name)")
            .replace("[Repository Local]", "[Repository Local]\nnametrans = lambda name: "
                     "re.sub('^Job', 'Work', name)"))
        self.run_program(account, [])
        account.deliver("Job", text("made here"), "1.a.host")
        account.deliver("Mine", text("made here"), "2.a.host")
        self.assertEqual(self.info(account).returncode, 0, self.said)
        for line in (
                f"Remote repository 'Remote': type 'imap'\n  folderfilter: lambda name: name !=",
                "  nametrans: lambda name: re.sub('^Work', 'Job', name)\n",
                f"  host: 127.0.0.1:{self.server.port}\n", "  encrypted: no\n", "  capabilities: ",
                "   Work -> Job: 1 message, 1 unread, 1 kB\n",
                "   INBOX: 1 message, 1 unread, 1 kB\n",
                "   Filtered (disabled): 1 message, 1 unread, 1 kB\n",
                "Local repository 'Local': type 'maildir'\n", f"  place: {account.mail}\n",
                "   Job -> Work: 2 messages, 2 unread\n", "  Kept equal (local <-> remote):\n",
                "   Job (2) <-> Work (1)\n", "   INBOX (1) <-> INBOX (1)\n",
                "   Mine (1) <-> (to be created)\n",
                "  time for an answer: ", "  time to connect and sign in: "):
            self.assertIn(line, self.said)
        self.assertNotIn("Account Other", self.said)
        self.assertEqual(account.remote().keys() & {"Mine"}, set())
        self.assertNotIn("secret", self.said)

    def test_what_is_missing_on_this_server(self):
        account = self.filled()
        self.info(account)
        self.assertNotIn("missing: QRESYNC", self.said)
        account.rc.write_text(account.rc.read_text().replace(
            "[Repository Remote]", "[Repository Remote]\ndisable_extensions = CONDSTORE, "
            "QRESYNC, LIST-STATUS, MOVE, UIDPLUS, IDLE, NOTIFY"))
        self.info(account)
        for line in ("missing: QRESYNC: ", "missing: LIST-STATUS: ", "missing: it cannot move",
                     "missing: it tells no news", "missing: it does not tell what changed"):
            self.assertIn(line, self.said)
        self.assertIn("   INBOX: 1 message, 1 unread, 1 kB\n", self.said)
        self.info(account, "-k", "Repository_Remote:disable_extensions=STATUS=SIZE")
        self.assertIn("   INBOX: 1 message, 1 unread\n", self.said)

    def test_one_side_that_fails_hides_not_the_other(self):
        account = self.filled()
        self.run_program(account, [])
        done = self.info(account, "-k", "Repository_Remote:remoteport=1")
        self.assertEqual(done.returncode, 5, self.said)
        self.assertRegex(self.said, r"ERROR: .*127\.0\.0\.1.*refused")
        self.assertIn("   Work: 1 message, 1 unread\n", self.said)  # and no size: a Maildir

    def test_columns_fit_the_terminal(self):
        account = self.filled()
        master, end = pty.openpty()
        done = subprocess.run([PROGRAM, "-c", str(account.rc), "--info", "-a", "Test",
                               "--column=auto"], stderr=end, timeout=60,
                              env={**os.environ, "TERM": "dumb"})
        os.close(end)
        shown = b""
        while True:
            try:
                shown += os.read(master, 65536)
            except OSError:
                break
        os.close(master)
        self.assertEqual(done.returncode, 0, shown)
        self.assertRegex(shown.decode(), r"\n +\S.*  +Work.*\r\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
