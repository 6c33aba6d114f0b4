# SPDX-License-Identifier: Apache-2.0
"""The whole program between a real Dovecot and a Maildir. PROGRAM is the built offlineimap."""
import json
import os
import re
import shutil
import socket
import subprocess
import unittest

from account import PLAIN, text
from cases import PROGRAM, ProgramTest
from dovecot import PASSWORD, tool

HIDDEN = [
    [], ["QRESYNC"], ["QRESYNC", "CONDSTORE"], ["LIST-STATUS"], ["UIDPLUS"], ["MOVE"], ["LITERAL+"],
    ["MULTIAPPEND"], ["ENABLE"], ["ESEARCH"], ["NAMESPACE"], ["SPECIAL-USE"], ["ID"], ["IDLE"],
    ["UNSELECT"], ["LIST-EXTENDED"], ["SEARCHRES"], ["BINARY"], ["SASL-IR"], ["COMPRESS=DEFLATE"],
    ["NOTIFY"], ["STATUS=SIZE"],
    ["LITERAL+", "MULTIAPPEND"], ["UIDPLUS", "MOVE"], ["UIDPLUS", "CONDSTORE", "QRESYNC"],
    ["ESEARCH", "SEARCHRES"], ["QRESYNC", "ESEARCH"], ["LIST-STATUS", "CONDSTORE", "QRESYNC"],
    ["UIDPLUS", "MULTIAPPEND"], ["LITERAL+", "UIDPLUS", "MOVE"], ["MOVE", "ESEARCH", "UNSELECT"],
    ["ENABLE", "SASL-IR", "ID"], ["LIST-EXTENDED", "SPECIAL-USE", "NAMESPACE"],
    ["MULTIAPPEND", "BINARY", "LITERAL+"],
    ["QRESYNC", "CONDSTORE", "LIST-STATUS", "LIST-EXTENDED", "UIDPLUS", "MOVE", "LITERAL+",
     "MULTIAPPEND", "ENABLE", "ESEARCH", "SEARCHRES", "NAMESPACE", "SPECIAL-USE", "ID", "IDLE",
     "UNSELECT", "BINARY", "SASL-IR", "COMPRESS=DEFLATE"],
]


class Extensions(ProgramTest):
    def test_with_each_extension_hidden(self):
        for hide in HIDDEN:
            with self.subTest(hidden=hide):
                self.story(self.serve(hide=hide))

    def test_with_literal_minus_alone(self):
        """Dovecot takes what goes without waiting whatever it announces."""
        for hide in (["LITERAL+"], ["LITERAL+", "MULTIAPPEND"], ["LITERAL+", "UIDPLUS", "BINARY"]):
            with self.subTest(hidden=hide):
                server = self.serve(hide=hide, offer=["LITERAL-"])
                account = self.story(server)
                before = len(account.files("INBOX"))
                for size in (4095, 4096, 4097, 300_000):
                    raw = text(f"of {size}")
                    account.deliver("INBOX", raw + b"y" * (size - len(raw) - 2) + b"\r\n", f"{size}.up.host")
                self.assert_synced(account)
                self.assert_equal(account)
                self.assertEqual(account.remote()["INBOX"].total(), before + 4)

    def test_with_extensions_switched_off(self):
        extensions = ", ".join(HIDDEN[-1])
        self.story(self.serve(), remote=f"{PLAIN}\ndisable_extensions = {extensions}")


class TwoWay(ProgramTest):
    def test_a_separator_that_is_another_one_in_the_next_run(self):
        server = self.serve()
        account = self.account(server)
        self.fill(account)
        self.assert_synced(account)
        before = account.local()
        for separator in ".", "^":
            server.stop()
            server.separator = separator
            server.start_again()
            self.assert_synced(account)
            self.assertEqual(account.local(), before)
        account.append("Work^Deep", text("later"))
        account.deliver("Work/Deep", text("from here"), "100.a.host")
        self.assert_synced(account)
        self.assertEqual(len(account.files("Work/Deep")), 3)
        connection = account.imap()
        self.assertEqual(connection.select("Work^Deep")[1], [b"3"])
        connection.logout()

    def test_every_second_of_4096_messages(self):
        """Sets of UIDs that are longer than a command may be, in both directions."""
        server = self.serve()
        account = self.account(server)
        account.append("INBOX", text("first"))
        mail = server.directory / "mail" / "joe" / "cur"
        for number in range(1, 4096):
            file = mail / f"{1700000000 + number}.M{number}.host:2,"
            file.write_bytes(text(f"n {number}").replace(b"\r\n", b"\n"))
            if os.geteuid() == 0:
                shutil.chown(file, "nobody", "nogroup")
        self.assert_synced(account)
        files = account.files("INBOX")
        self.assertEqual(len(files), 4096)
        for file in files:
            if int(re.search(r",U=(\d+)", file.name)[1]) % 2:
                account.mark(file, "S")
        self.assert_synced(account)
        connection = account.imap()
        connection.select("INBOX", readonly=True)
        found = connection.uid("SEARCH", "SEEN")[1][0].split()
        self.assertEqual([int(uid) % 2 for uid in found], [1] * 2048)
        connection.select("INBOX")
        connection.uid("STORE", "1:*", "FLAGS.SILENT", "()")
        even = connection.uid("SEARCH", "ALL")[1][0].split()[1::2]
        for begin in range(0, len(even), 500):
            connection.uid("STORE", b",".join(even[begin:begin + 500]).decode(), "+FLAGS.SILENT",
                           "(\\Flagged)")
        connection.logout()
        self.assert_synced(account)
        self.assert_equal(account)

    def test_with_a_dot_for_separator_and_tls(self):
        server = self.serve(separator=".")
        account = self.account(server, port=server.tls_port,
                               remote=f"sslcacertfile = {server.certificate}")
        account.append("INBOX", text("one"))
        self.assert_synced(account)
        self.assertEqual(account.local()["INBOX"].total(), 1)

    def test_folder_names_of_every_kind(self):
        server = self.serve(location="maildir:{dir}/mail/%u:LAYOUT=fs")
        account = self.account(server, local="sep = /")
        account.box = lambda folder: account.mail / folder
        names = ["a&-b", 'quo"te', "br[ack]et", "par(en) {3}", " blank ", "&APw-ml", "&2D3cZQ-",
                 "x" * 200, "dot.name", "sl\\ash", "semi;colon:", "-dash", "INBOX/x", "st*r",
                 "p%c", "~", "'"]
        connection = account.imap()
        made = []
        for number, name in enumerate(names):
            quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
            if connection.create(quoted)[0] == "OK":
                connection.append(quoted, None, None, text(f"number {number}"))
                made.append(name)
        connection.logout()
        self.assertGreaterEqual(len(made), 15)
        self.assert_synced(account)
        for name in made:
            self.assertEqual(len(account.files(name)), 1, name)
            account.deliver(name, text("up"), "1.up.host")
        self.assert_synced(account)
        self.assert_synced(account)
        for name in made:
            self.assertEqual(len(account.files(name)), 2, name)

    def test_a_name_with_the_separator_is_left_out_and_says_what_to_do(self):
        account = self.account(self.serve(location="maildir:{dir}/mail/%u:LAYOUT=fs"))
        connection = account.imap()
        connection.create("dot.name")
        connection.logout()
        account.append("INBOX", text("one"))
        done = self.assert_synced(account)
        self.assertRegex(done.stderr, "dot.name.*is left out.*another sep")
        self.assertEqual(account.local()["INBOX"].total(), 1)

    def test_another_separator_changes_nothing(self):
        for separator in (".", "^"):
            with self.subTest(separator=separator):
                server = self.serve()
                account = self.account(server)
                self.fill(account)
                self.assert_synced(account)
                names = sorted(account.mail.rglob("*:2,*"))
                server.stop()
                server.separator = separator
                server.start()
                account.configure(port=server.port)
                log = account.directory / "log"
                self.assert_synced(account, "-l", str(log))
                self.assertIn("nothing to do", log.read_text())
                self.assertEqual(sorted(account.mail.rglob("*:2,*")), names)

    def test_a_server_whose_folders_are_under_inbox(self):
        for option, local in (("no", "INBOX.Work"), ("yes", "Work")):
            with self.subTest(usenamespace=option):
                account = self.account(
                    self.serve(separator=".", prefix="INBOX."),
                    remote=f"{PLAIN}\nusenamespace = {option}")
                connection = account.imap()
                connection.create("INBOX.Work")
                connection.logout()
                account.append("INBOX.Work", text("down"))
                self.assert_synced(account)
                self.assertEqual(len(account.files(local)), 1)
                made = local.replace("Work", "New.Er")
                account.deliver(made, text("up"), "1.up.host")
                self.assert_synced(account)
                self.assert_synced(account)
                self.assertEqual(account.remote()["INBOX.New.Er"].total(), 1)

    def test_an_empty_message_that_the_server_refuses_is_said_and_passed_over(self):
        account = self.account(self.serve())
        account.deliver("INBOX", b"", "1.empty.host")
        account.deliver("INBOX", text("good"), "2.good.host")
        done = self.assert_synced(account)
        self.assertEqual(done.stderr.count("empty"), 1, done.stderr)
        self.assertEqual(account.remote()["INBOX"].total(), 1)
        self.assertEqual(len(account.files("INBOX")), 2)
        # It is tried again whenever the folder is listed, and that ends soon after its last change.
        said = [self.assert_synced(account).stderr for _ in range(5)]
        self.assertEqual(said[-1], "")

    def test_through_a_tunnel_that_is_signed_in(self):
        server = self.serve()
        plain = self.account(server)
        self.fill(plain)
        command = f"{tool('doveadm')} -c {server.directory}/dovecot.conf exec imap -u joe"
        account = self.account(server, remote=f"preauthtunnel = {command}")
        self.assert_synced(account)
        self.assert_equal(account)

    def test_moves_go_as_moves(self):
        account = self.account(self.serve())
        self.fill(account)
        self.assert_synced(account)
        connection = account.imap()
        connection.select("INBOX")
        connection.uid("MOVE", "1", "Archive")
        connection.logout()
        file = account.files("INBOX")[-1]
        file.rename(account.box("Work") / "cur" / file.name)
        log = account.directory / "log"
        self.assert_synced(account, "-l", str(log))
        self.assert_equal(account)
        self.assertIn("2 moved", log.read_text())
        self.assertNotIn("copied", log.read_text())

    def test_odd_bytes_arrive_as_they_were(self):
        account = self.account(self.serve())
        bodies = {"empty": b"", "bare cr": b"A: b\r\n\r\nx\rx\r\n", "no end": b"A: b\r\n\r\nx",
                  "8 bit": b"A: \xff\r\n\r\n\x80\xfe\x01\r\n", "long": b"A: b\r\n\r\n" + b"x" * 300000}
        for name, raw in bodies.items():
            account.append("INBOX", raw or b"\r\n")
        for name, raw in bodies.items():
            if raw:  # Dovecot takes no empty message
                account.deliver("Up", raw, f"1.{name.replace(' ', '-')}.host")
        account.deliver("Up", b"A: b\n\nnul \0 here\n", "1.nul.host")
        self.assert_synced(account)
        self.assertEqual(account.local()["INBOX"], account.remote()["INBOX"])
        self.assertEqual(account.remote()["Up"].total(), 5)
        self.assert_synced(account)
        self.assertEqual(account.local()["Up"].total(), 5)

    def test_several_connections_are_opened_for_what_changed_alone(self):
        account = self.account(self.serve(), remote=PLAIN + "\nmaxconnections = 4")
        connection = account.imap()
        for number in range(20):
            connection.create(f"folder{number}")
            connection.append(f"folder{number}", "", None, text(f"in {number}"))
        opened = []
        for _ in range(3):
            done = self.assert_synced(account, "-u", "basic")
            self.assert_equal(account)
            opened.append(done.stdout.count("Establishing connection"))
            connection.select("folder7")
            connection.store("1", "+FLAGS", "(\\Flagged)")
        connection.logout()
        self.assertGreater(opened[0], 1, done.stdout)
        self.assertEqual(opened[1:], [1, 1], done.stdout)

    def test_dry_run_changes_nothing(self):
        account = self.account(self.serve(), ui="basic")
        self.fill(account)
        done = self.assert_synced(account, "--dry-run")
        self.assertIn("[DRYRUN] Copy message 1 Remote:INBOX -> Local:INBOX", done.stdout)
        self.assertEqual(account.local(), {})

    def test_quiet_prints_nothing_on_a_clean_run(self):
        account = self.account(self.serve())
        self.fill(account)
        done = self.assert_synced(account)
        self.assertEqual((done.stdout, done.stderr), ("", ""))


class Status(ProgramTest):
    def status(self, account, *arguments):
        return subprocess.run([PROGRAM, "status", "-c", str(account.rc), *arguments],
                              capture_output=True, text=True, timeout=60)

    def test_tells_of_success_and_of_failure(self):
        server = self.serve()
        account = self.account(server)
        self.fill(account)
        self.assertIn("never synchronised", self.status(account).stdout)
        self.assert_synced(account)
        done = self.status(account, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)["accounts"][0]
        self.assertFalse(told["failing"])
        self.assertIn("INBOX", [folder["folder"] for folder in told["folders"]])
        account.configure(password="wrong")
        account.sync()
        done = self.status(account)
        self.assertEqual(done.returncode, 1)
        self.assertIn("FAILING", done.stdout)
        self.assertNotIn("wrong", done.stdout)


    def folders(self, account):
        told = json.loads(self.status(account, "--json").stdout)["accounts"][0]
        return {folder["folder"]: folder for folder in told["folders"]}

    def test_keeps_what_is_known_of_folders_that_f_leaves_out(self):
        account = self.account(self.serve())
        self.fill(account)
        self.assert_synced(account)
        before = self.folders(account)
        self.assert_synced(account, "-f", "Work")
        self.assertEqual(self.folders(account).keys(), before.keys())

    def test_tells_of_deletions_that_were_held_back_at_once(self):
        account = self.account(self.serve())
        for i in range(25):
            account.append("INBOX", text(f"m {i}"))
        self.assert_synced(account)
        for file in account.files("INBOX"):
            file.unlink()
        self.assert_synced(account, code=6)
        done = self.status(account)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stdout, "Account Test: .*FAILING")
        self.assertTrue(self.folders(account)["INBOX"]["pending"])
        self.assert_synced(account, "-k", "Account_Test:max_deletes=unlimited")
        self.assertEqual(self.status(account).returncode, 0)


class Trace(ProgramTest):
    def test_trace_goes_into_a_new_directory(self):
        account = self.account(self.serve())
        self.fill(account)
        directory = account.directory / "trace"
        self.assert_synced(account, "-P", str(directory))
        events = json.loads((directory / "trace.json").read_text())
        names = {event.get("name") for event in events}
        self.assertLessEqual({"UID FETCH", "LIST", "record transaction", "copy"}, names)
        self.assertIn("UID FETCH", (directory / "summary.txt").read_text())
        self.assertNotIn(PASSWORD, (directory / "trace.json").read_text())
        done = account.sync("-P", str(directory))
        self.assertEqual(done.returncode, 3)
        self.assertIn(str(directory), done.stderr)


class BadInput(ProgramTest):
    def failing(self, code, *expected, arguments=(), **settings):
        server = settings.pop("server", None) or self.serve()
        account = self.account(server, **settings)
        done = self.assert_synced(account, *arguments, code=code)
        lines = [line for line in done.stderr.splitlines() if line]
        self.assertLessEqual(len(lines), 2, done.stderr)
        for words in expected:
            self.assertIn(words, done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        return account, done

    def test_a_wrong_password(self):
        _, done = self.failing(4, "127.0.0.1", password="not-the-password")
        self.assertNotIn("not-the-password", done.stdout + done.stderr)

    def test_an_unknown_host(self):
        self.failing(5, "no-such-host.invalid",
                     remote=PLAIN.replace("ssl = no", "ssl = no", 1), arguments=(
                         "-k", "Repository_Remote:remotehost=no-such-host.invalid"))

    def test_a_closed_port(self):
        with socket.socket() as closed:  # held, so that nobody else listens there
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
            account, _ = self.failing(5, str(port), port=port)
            done = self.assert_synced(account, "-u", "basic", code=5)
            self.assertIn("nothing done", done.stdout)

    def test_a_certificate_that_nobody_vouches_for(self):
        server = self.serve()
        self.failing(5, "certificate", server=server, port=server.tls_port, remote="")

    def test_a_missing_plugin(self):
        self.failing(3, "status-nosuch.so", account="status_backend = nosuch")

    def test_a_broken_rc_file(self):
        account = self.account(self.serve())
        account.rc.write_text("[general]\naccounts = A\naccounts = B\n")
        done = self.assert_synced(account, code=3)
        self.assertIn("rc:3", done.stderr)

    def test_a_python_expression_that_is_none(self):
        _, done = self.failing(3, "nametrans", remote=PLAIN + "\nnametrans = lambda f: f +")
        self.assertRegex(done.stderr, r"rc:\d+")

    def test_a_usage_error(self):
        done = subprocess.run([PROGRAM, "--nonsense"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)

    def test_a_second_run_at_the_same_time(self):
        account = self.account(self.serve(), account="presynchook = sleep 2")
        first = subprocess.Popen([PROGRAM, "-o", "-c", str(account.rc)])
        try:
            for _ in range(100):
                if (account.directory / "metadata/Test.lock").exists():
                    break
                subprocess.run(["sleep", "0.02"], check=True)
            done = account.sync()
            self.assertEqual(done.returncode, 7, done.stderr)
            self.assertIn("another process", done.stderr)
        finally:
            self.assertEqual(first.wait(60), 0)

    def test_a_folder_that_cannot_be_opened_leaves_the_others_alone(self):
        server = self.serve()
        account = self.account(server)
        self.fill(account)
        (server.directory / "mail/joe/.Archive/cur").chmod(0)
        done = self.assert_synced(account, code=1)
        self.assertIn("Archive", done.stderr)
        self.assertEqual(account.local()["INBOX"].total(), 8)
        (server.directory / "mail/joe/.Archive/cur").chmod(0o700)
        self.assert_synced(account)
        self.assert_equal(account)

    def test_messages_that_end_the_connection_leave_the_others_alone(self):
        server = self.serve()
        account = self.account(server)
        for i in range(30):
            account.append("INBOX", text(f"m {i}"))
        # Dovecot closes the connection when a file is not of the size that its name says.
        inbox = server.directory / "mail/joe/cur"
        files = sorted([*inbox.iterdir(), *(server.directory / "mail/joe/new").iterdir()])
        bad = {file.name: file.read_bytes() for file in (files[3], files[29])}
        for name, raw in bad.items():
            next(server.directory.glob(f"mail/joe/*/{name}*")).write_bytes(raw[:-5])
        done = self.assert_synced(account, code=1)
        self.assertEqual(done.stderr.count("the connection ends each time"), 2, done.stderr)
        self.assertEqual(len(set(re.findall(r"copy message \d+ of INBOX", done.stderr))), 2)
        self.assertEqual(account.local()["INBOX"].total(), 28)
        for name, raw in bad.items():
            next(server.directory.glob(f"mail/joe/*/{name}*")).write_bytes(raw)
        self.assert_synced(account)
        self.assertEqual(account.local()["INBOX"].total(), 30)

    @unittest.skipUnless(os.geteuid() == 0, "mounting takes root")
    def test_a_full_disk(self):
        account = self.account(self.serve())
        for i in range(6):
            account.append("INBOX", text(f"big {i}", "x" * 200_000))
        account.mail.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs",
                           str(account.mail)], capture_output=True).returncode:
            self.skipTest("mounting is not allowed here")
        try:
            done = self.assert_synced(account, code=1)
            self.assertIn("No space left", done.stderr)
            self.assertEqual(account.remote()["INBOX"].total(), 6)
            subprocess.run(["mount", "-o", "remount,size=10m", str(account.mail)], check=True)
            self.assert_synced(account)
            self.assert_equal(account)
        finally:
            subprocess.run(["umount", str(account.mail)], check=True)

    def test_the_guard_stops_an_emptied_folder(self):
        account = self.account(self.serve())
        for i in range(25):
            account.append("INBOX", text(f"m {i}"))
        account.append("Trash", text("t"))
        self.assert_synced(account)
        for file in account.files("INBOX"):
            file.unlink()
        done = self.assert_synced(account, code=6)
        self.assertIn("25 of 25 messages", done.stderr)
        self.assertEqual(account.remote()["INBOX"].total(), 25)
        self.assert_synced(account, "-k", "Account_Test:max_deletes=unlimited")
        self.assertEqual(account.remote()["INBOX"].total(), 0)


@unittest.skipUnless(shutil.which("offlineimap", path="/usr/bin"), "offlineimap3 is not installed")
class TakeOver(ProgramTest):
    ORIGINAL = "/usr/bin/offlineimap"

    def names(self, account):
        return sorted(str(p.relative_to(account.mail)) for p in account.mail.rglob("*:2,*"))

    def test_its_mail_is_taken_over_and_given_back(self):
        account = self.account(self.serve())
        self.fill(account)
        self.assertEqual(account.sync(program=self.ORIGINAL).returncode, 0)
        names = self.names(account)
        self.assertEqual(len(names), 10)

        log = account.directory / "log"
        self.assert_synced(account, "-l", str(log))
        self.assertEqual(self.names(account), names)
        self.assertIn("nothing to do", log.read_text())

        account.append("INBOX", text("for ours"))
        account.mark(account.files("INBOX")[0], "FS")
        account.deliver("Archive", text("up by ours"), "5.b.host")
        self.assert_synced(account)
        self.assert_equal(account)
        names = self.names(account)

        self.assertEqual(account.sync(program=self.ORIGINAL).returncode, 0)
        self.assertEqual(self.names(account), names)
        account.append("INBOX", text("for theirs"))
        account.deliver("Archive", text("up by theirs"), "6.b.host")
        self.assertEqual(account.sync(program=self.ORIGINAL).returncode, 0)
        self.assert_equal(account)
        self.assert_synced(account)
        self.assert_equal(account)
        self.assertEqual(account.remote()["Archive"].total(), 3)


if __name__ == "__main__":
    unittest.main(verbosity=2)
