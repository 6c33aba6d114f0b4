# SPDX-License-Identifier: Apache-2.0
"""Options of the configuration that no other test tries with their meaning: each makes the difference
that docs/configuration.md says, or none where it says that. PROGRAM is the built offlineimap."""
import pathlib
import shutil
import socketserver
import sys
import threading
import unittest

from account import PLAIN, text
from cases import PROGRAM, ProgramTest
from daemon import Daemon
from introspection import Introspection
from tokens_test import TokenServer

PLUGINS = pathlib.Path(PROGRAM).resolve().parents[1] / "lib/offlineimap/plugins-1"
HAS_PYTHON = (PLUGINS / "script-python.so").exists()
TUNNEL = """import os, socket, sys, threading
server = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def down():
    while data := server.recv(65536):
        os.write(1, data)
    os._exit(0)
threading.Thread(target=down, daemon=True).start()
while data := os.read(0, 65536):
    server.sendall(data)
"""


class OptionTest(ProgramTest):
    def filled(self, messages=3, **settings):
        account = self.account(self.shared_server(), **settings)
        for number in range(messages):
            account.append("INBOX", text(f"in {number}"))
        return account

    def remote(self, account, *lines):
        """The remote repository with these lines beside what every test needs."""
        account.configure(remote="\n".join([PLAIN, *lines]))

    def through_tunnel(self, account, *lines):
        script = account.directory / "tunnel.py"
        script.write_text(TUNNEL)
        port = account.server.port
        self.remote(account, f"transporttunnel = {sys.executable} {script} {port}", *lines)
        rc = account.rc.read_text().replace("remotehost = 127.0.0.1\n", "")
        account.rc.write_text(rc.replace(f"remoteport = {port}\n", ""))

    def wire(self, account):
        """What is said to the server in a run, and by it."""
        return self.assert_synced(account, "-u", "basic", "-d", "imap").stdout


class EveryOption(OptionTest):
    def test_maxsyncaccounts(self):
        # Each account waits in its hook until the other one has come to its own.
        for count, code in ((2, 0), (1, 124)):
            with self.subTest(maxsyncaccounts=count):
                first = self.filled(general=f"maxsyncaccounts = {count}")
                met = first.directory / "met"
                met.mkdir()
                hook = (f"presynchook = touch {met}/NAME; timeout 2 sh -c "
                        f"'until test $(ls {met} | wc -l) = 2; do sleep 0.05; done'")
                rc = first.rc.read_text()
                sections = rc[rc.index("[Account"):].replace("[Account Test]\n",
                                                             f"[Account Test]\n{hook}\n")
                other = sections.replace("Local", "OtherLocal").replace("Remote", "OtherRemote") \
                    .replace("Account Test", "Account Other").replace("NAME", "Other") \
                    .replace("/mail", "/other")
                first.rc.write_text(rc[:rc.index("[Account")].replace("accounts = Test",
                                                                      "accounts = Test, Other")
                                    + sections.replace("NAME", "Test") + other)
                done = self.assert_synced(first, "-u", "basic")
                self.assertIn(f"Hook return code: {code}", done.stdout)
                self.assertEqual(done.stdout.count("Hook return code: 0"), 2 if count == 2 else 1)

    def test_dry_run_in_the_file(self):
        account = self.filled(general="dry-run = yes")
        self.assertIn("[DRYRUN]", self.assert_synced(account, "-u", "basic").stdout)
        self.assertFalse(account.mail.exists())

    def test_fsync(self):
        for value, flushes in (("yes", True), ("no", False)):
            account = self.filled(general=f"fsync = {value}")
            self.assert_synced(account, "-P", str(account.directory / "trace"))
            trace = (account.directory / "trace/trace.json").read_text()
            self.assertEqual("finish flushing files" in trace, flushes, value)

    def test_status_backend_for_all_accounts(self):
        for name, place in (("plain", "LocalStatus"), ("sqlite", "LocalStatus-sqlite")):
            account = self.filled(general=f"status_backend = {name}")
            self.assert_synced(account)
            self.assertTrue((account.directory / "metadata/Account-Test" / place).is_dir(), name)

    def test_metadata(self):
        account = self.filled()
        elsewhere = account.directory / "elsewhere"
        self.assert_synced(account, "-k", f"metadata={elsewhere}")
        self.assertTrue((elsewhere / "Account-Test").is_dir())
        self.assertEqual(elsewhere.stat().st_mode & 0o777, 0o700)
        self.assertFalse((account.directory / "metadata").exists())

    def test_filterheaders(self):
        account = self.filled(account="filterheaders = X-Secret,  x-other")
        self.assert_synced(account)
        raw = b"X-Secret: one\r\n two\r\nX-OTHER: three\r\nX-Kept: four\r\n" + text("up")
        account.deliver("INBOX", raw, "1.a.host")
        self.assert_synced(account)
        connection = account.imap()
        connection.select("INBOX")
        there = connection.fetch("4", "(BODY.PEEK[])")[1][0][1]
        connection.logout()
        self.assertEqual(there, b"X-Kept: four\r\n" + text("up"))

    def test_usecompression(self):
        account = self.filled()
        for value, compresses in (("yes", True), ("no", False)):
            self.through_tunnel(account, f"usecompression = {value}")  # it is no use on loopback
            self.assertEqual("COMPRESS DEFLATE" in self.wire(account), compresses, value)
        self.assert_equal(account)

    def test_trust_status(self):
        account = self.filled()
        self.assert_synced(account)
        for value in ("no", "yes"):
            self.remote(account, f"trust_status = {value}")
            self.wire(account)
            opened = 'SELECT "INBOX"' in self.wire(account)
            self.assertEqual(opened, value == "no")

    def test_folderincludes_of_what_is_not_listed(self):
        account = self.filled()
        connection = account.imap()
        for name in ("Work", "Mail/list", "Entw&APw-rfe"):
            connection.create(name)
            connection.append(name, "", None, text(f"in {name}"))
        connection.logout()
        for form in ("Mail", '"Mail"'):
            self.remote(account, f"reference = {form}/",
                        "folderincludes = ['Work', 'Nowhere', 'Entw&APw-rfe', 'Mail/list', '']")
            done = self.assert_synced(account)
            self.assertIn("folderincludes: look for Nowhere", done.stderr)
            self.assertEqual(sorted(account.local()), ["Entw&APw-rfe", "Mail/list", "Work"])
            self.assertEqual(len(account.files("Work")), 1)
            account.append("Work", text(f"more {form}"))
            account.deliver("Work", text(f"up {form}"), "1.a.host")
            self.assert_synced(account)
            self.assertEqual(account.local()["Work"], account.remote()["Work"])
            shutil.rmtree(account.mail)
            shutil.rmtree(account.directory / "metadata")
            connection = account.imap()
            connection.select("Work")
            connection.store("2:*", "+FLAGS", "(\\Deleted)")
            connection.expunge()
            connection.logout()

    def test_mbnames_that_is_off_needs_nothing_else(self):
        account = self.filled()
        rc = account.rc.read_text()
        for section in ("[mbnames]\nenabled = no\n", "[mbnames]\nfilename = /nowhere/list\n"):
            account.rc.write_text(rc + section)
            done = self.assert_synced(account)
            self.assertEqual((done.stdout, done.stderr), ("", ""))

    def test_ipv6(self):
        account = self.filled()
        for value, code in (("no", 0), ("yes", 5)):  # the server is at 127.0.0.1
            self.remote(account, f"ipv6 = {value}")
            account.rc.write_text(account.rc.read_text().replace("remotehost = 127.0.0.1",
                                                                 "remotehost = localhost"))
            self.assert_synced(account, code=code)

    def test_authproxy(self):
        asked = []

        class Proxy(socketserver.BaseRequestHandler):
            def handle(self):
                asked.append(self.request.recv(4096).split(b"\r\n")[0])
        with Introspection() as introspection, socketserver.ThreadingTCPServer(
                ("127.0.0.1", 0), Proxy) as proxy:
            threading.Thread(target=proxy.serve_forever, daemon=True).start()
            server = self.serve(extra="auth_mechanisms = xoauth2 plain\n" + introspection.passdb)
            port = proxy.server_address[1]
            for setting, asks in ((f"authproxy = HTTP:127.0.0.1:{port}", True), ("authproxy =", False)):
                asked.clear()
                account = self.account(server, account=setting, remote="\n".join([
                    PLAIN, "auth_mechanisms = XOAUTH2", "oauth2_refresh_token = 1//joe",
                    "oauth2_client_id = me", "oauth2_request_url = https://tokens.invalid/token"]))
                done = self.assert_synced(account, code=5)
                self.assertIn("tokens.invalid", done.stderr)
                self.assertEqual(b"CONNECT tokens.invalid:443 HTTP/1.1" in asked, asks, setting)
            proxy.shutdown()

    def test_transporttunnel(self):
        account = self.filled()
        self.through_tunnel(account)
        self.assert_synced(account, "-k", "Repository_Remote:remotepass=wrong", code=4)
        self.assert_synced(account)
        self.assert_equal(account)

    def test_utf8foldernames_for_one_repository(self):
        account = self.filled()
        connection = account.imap()
        connection.create("Entw&APw-rfe")
        connection.logout()
        self.remote(account, "utf8foldernames = yes")
        self.assert_synced(account)
        self.assertTrue(account.box("Entwürfe").is_dir())

    def test_what_is_without_effect_changes_nothing_and_is_passed_over(self):
        account = self.filled(
            general="ignore-readonly = yes",
            account="labelsheader = X-Label\nignorelabels = a, b\nskipsleep = yes",
            remote=f"{PLAIN}\nsinglethreadperfolder = yes\nretrycount = 7\nsep = .\n"
                   "trashfolder = T\nspamfolder = S\nrealdelete = yes")
        for _ in range(2):
            done = self.assert_synced(account)
            self.assertEqual((done.stdout, done.stderr), ("", ""))
        self.assert_equal(account)


class BetweenRuns(OptionTest):
    def daemon(self, account, *arguments):
        daemon = Daemon(account, *arguments)
        self.addCleanup(daemon.stop)
        return daemon

    def test_holdconnectionopen(self):
        for value, connections in (("no", 2), ("yes", 1)):
            account = self.filled(account="autorefresh = 0.02")
            account.configure(account="autorefresh = 0.02",
                              remote=f"{PLAIN}\nholdconnectionopen = {value}")
            daemon = self.daemon(account)
            daemon.wait_for("Next refresh", 2)
            daemon.stop()
            self.assertEqual(daemon.said().count("Establishing connection"), connections, value)

    def test_keepalive(self):
        account = self.filled()
        account.configure(account="autorefresh = 60",
                          remote=f"{PLAIN}\nholdconnectionopen = yes\nkeepalive = 1")
        daemon = self.daemon(account, "-d", "imap")
        daemon.wait_for("Next refresh")
        daemon.wait_for(" NOOP", 4)  # two commands and their answers, or more


@unittest.skipUnless(HAS_PYTHON, "script-python is not built")
class EveryExpression(OptionTest):
    def test_copy_ignore_eval(self):
        account = self.filled(messages=4)
        self.remote(account, "copy_ignore_eval = lambda folder: [2, 3] if folder == 'INBOX' else None")
        for _ in range(2):
            self.assert_synced(account)
            uids = sorted(file.name.split(",U=")[1].split(",")[0] for file in account.files("INBOX"))
            self.assertEqual(uids, ["1", "4"])
        self.assertEqual(account.remote()["INBOX"].total(), 4)
        self.remote(account, "copy_ignore_eval = {'INBOX': [3]}.get")
        self.assert_synced(account)
        self.assertEqual(len(account.files("INBOX")), 3)
        account.configure()
        self.assert_synced(account)
        self.assert_equal(account)

    def test_copy_ignore_eval_that_fails_copies_nothing(self):
        account = self.filled()
        self.remote(account, "copy_ignore_eval = lambda folder: folder.nosuch")
        done = self.assert_synced(account, code=3)
        self.assertRegex(done.stderr, r"rc:\d+: \[Repository Remote\] copy_ignore_eval: .*nosuch")
        self.assertEqual(account.files("INBOX"), [])

    def test_remotehosteval_remoteporteval_remoteusereval(self):
        account = self.filled()
        port = account.server.port
        for name, wrong, expression in (("host", "no.such.host.invalid", "'127.0.' + '0.1'"),
                                        ("port", "1", f"{port - 1} + 1"),
                                        ("user", "nobody", "'j' + 'oe'")):
            self.remote(account, f"remote{name}eval = {expression}")
            self.assert_synced(account, "-k", f"Repository_Remote:remote{name}={wrong}")
        self.assert_equal(account)

    def test_oauth2_evals(self):
        with Introspection() as introspection, TokenServer(
                (200, {"access_token": "good.token", "expires_in": 3600})) as tokens:
            server = self.serve(extra="auth_mechanisms = xoauth2 plain\n" + introspection.passdb)
            account = self.account(server)
            lines = ["auth_mechanisms = XOAUTH2", "oauth2_client_id_eval = 'my' + 'self\\n'",
                     "oauth2_client_secret_eval = 'hu' + 'sh.hush\\n'",
                     "oauth2_refresh_token_eval = '1//re' + 'fresh'",
                     f"oauth2_request_url = {tokens.url}"]
            self.remote(account, *lines)
            self.assert_synced(account)
            self.assertEqual(tokens.forms, [{
                "grant_type": "refresh_token", "refresh_token": "1//refresh", "client_id": "myself",
                "client_secret": "hush.hush"}])
            self.remote(account, *lines, "oauth2_client_id = plain")
            self.assert_synced(account)
            self.assertEqual(tokens.forms[1]["client_id"], "plain")
            self.remote(account, lines[0], "oauth2_access_token_eval = 'good' + '.token'")
            self.assert_synced(account)
            self.assertEqual(len(tokens.forms), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
