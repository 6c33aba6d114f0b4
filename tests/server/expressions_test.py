# SPDX-License-Identifier: Apache-2.0
"""Python in rc files: the whole program against a real Dovecot, beside the original."""
import os
import shutil
import signal
import subprocess
import time
import unittest

from account import PLAIN, text
from cases import ProgramTest

ORIGINAL = "/usr/bin/offlineimap"
HAS_ORIGINAL = os.access(ORIGINAL, os.X_OK)
FOLDERS = ["Archive/2023", "Archive/2024", "Drafts", "Lists/a", "Lists/b.c", "Sent Mail", "Spam",
           "Work", "Work/Deep"]


class ExpressionTest(ProgramTest):
    def filled(self, folders=FOLDERS, separator="/", **settings):
        account = self.account(self.serve(separator=separator), **settings)
        connection = account.imap()
        for name in folders:
            connection.create(f'"{name}"')
        connection.logout()
        for name in [*folders, "INBOX"]:
            account.append(name, text(f"in {name}".replace("/", "-").replace(" ", "-")))
        return account

    def python_file(self, account, source):
        path = account.directory / "functions.py"
        path.write_text(source)
        return f"pythonfile = {path}"

    def folders(self, account):
        return sorted(str(p.parent.relative_to(account.mail)) for p in account.mail.rglob("cur"))


YAML = """general: {{accounts: [Test], metadata: {dir}/metadata, ui: quiet}}
accounts: {{Test: {{localrepository: Local, remoterepository: Remote}}}}
repositories:
  Local: {{type: Maildir, localfolders: {dir}/mail}}
  Remote:
    type: IMAP
    remotehost: 127.0.0.1
    remoteport: {port}
    remoteuser: joe
    remotepass: secret
    ssl: no
    starttls: no
    folders:
{folders}
"""


class FolderRules(ExpressionTest):
    """YAML, without Python."""

    def configured(self, account, folders):
        account.rc = account.directory / "config.yaml"
        account.rc.write_text(YAML.format(
            dir=account.directory, port=account.server.port,
            folders="".join(f"      {line}\n" for line in folders)))

    def test_include_exclude_and_rename_in_both_directions(self):
        account = self.filled()
        self.configured(account, ['include: [INBOX, "Lists/*", Sent Mail, "/^Archive/", Work]',
                                  'exclude: ["*/2023"]',
                                  'rename: {Sent Mail: Sent, "Archive/*": "Old.*"}'])
        self.assert_synced(account)
        self.assertEqual(self.folders(account), ["INBOX", "Lists.a", "Old.2024", "Sent", "Work"])
        for name in ("Old.2025", "Lists.new", "Private"):
            account.deliver(name, text(f"new-{name}"), "1.x.host")
        self.assert_synced(account)
        self.assertIn("Archive/2025", account.remote())
        self.assertIn("Lists/new", account.remote())
        self.assertNotIn("Private", account.remote())
        self.assert_synced(account)
        self.assertEqual(len(self.folders(account)), 8)

    def test_a_prefix_that_the_server_wants(self):
        account = self.filled(["INBOX.a", "INBOX.a.b", "INBOX.Sent"], separator=".")
        self.configured(account, ['rename: {"INBOX.*": "*"}'])
        self.assert_synced(account)
        self.assertEqual(self.folders(account), ["INBOX", "Sent", "a", "a.b"])
        account.deliver("new.sub", text("new"), "1.x.host")
        self.assert_synced(account)
        self.assertIn("INBOX.new.sub", account.remote())
        before = account.remote().keys()
        self.assert_synced(account)
        self.assertEqual(account.remote().keys(), before)

    def test_two_folders_on_one_are_refused_before_anything_is_done(self):
        account = self.filled()
        self.configured(account, ['rename: {"Lists/a": Work}'])
        done = self.assert_synced(account, code=3)
        self.assertRegex(done.stdout, "Lists/a and Work would become one folder|"
                                      "Work and Lists/a would become one folder")
        self.assertFalse(account.mail.exists() and self.folders(account))

    def test_a_rule_without_a_way_back_asks_for_one(self):
        account = self.filled()
        self.configured(account, ['rename: {"/^Archive/[0-9]*/": "Old"}', 'exclude: [Archive/2023]'])
        self.assert_synced(account)
        account.deliver("Archive.1", text("new"), "1.x.host")
        before = account.remote()
        done = self.assert_synced(account, code=3)
        self.assertIn("give the other repository its own folders.rename", done.stdout)
        self.assertEqual(account.remote(), before)


class Expressions(ExpressionTest):
    def test_a_password_that_python_fetches(self):
        account = self.filled()
        rc = account.rc.read_text().replace("remotepass = secret",
                                            "remotepasseval = password('joe')")
        general = self.python_file(
            account, "import subprocess\n"
            "def password(user):\n"
            "    return subprocess.check_output(['sh', '-c', 'echo secret']).strip()\n")
        account.rc.write_text(rc.replace("ui = quiet", f"ui = quiet\n{general}"))
        self.assert_synced(account)
        self.assert_equal(account)

    def test_who_has_no_expression_has_no_python_in_the_process(self):
        account = self.filled(local="", account="presynchook = cat /proc/$PPID/maps > {}")
        maps = account.directory / "maps"
        for remote, expected in [(PLAIN, False),
                                 (PLAIN + "\nfolderincludes = ['INBOX']", False),
                                 (PLAIN + "\nfolderfilter = lambda f: True", True)]:
            account.configure(account=f"postsynchook = cat /proc/$PPID/maps > {maps}",
                              remote=remote)
            self.assert_synced(account)
            self.assertIn("offlineimap", maps.read_text())
            self.assertEqual("libpython" in maps.read_text(), expected, remote)

    def test_home_is_found_in_the_file_s_path(self):
        account = self.filled(remote=PLAIN + "\nfolderfilter = wanted")
        home = account.directory / "home"
        home.mkdir()
        (home / ".offlineimap.py").write_text("def wanted(f):\n    return f == 'Work'\n")
        for path in ("~/.offlineimap.py", "$HOME/.offlineimap.py"):
            rc = account.rc.read_text().replace("ui = quiet", f"ui = quiet\npythonfile = {path}")
            other = account.directory / "rc2"
            other.write_text(rc)
            done = subprocess.run([account.program, "-c", other], capture_output=True, text=True,
                                  env={**os.environ, "HOME": str(home)}, timeout=60)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(self.folders(account), ["Work"])
            shutil.rmtree(account.mail)
            shutil.rmtree(account.directory / "metadata")

    def test_an_error_names_the_option_and_what_python_says(self):
        account = self.filled()
        account.configure(remote=PLAIN + "\nnametrans = lambda f: f.foo()")
        done = self.assert_synced(account, code=3)
        self.assertRegex(done.stderr, r"rc:\d+: \[Repository Remote\] nametrans: AttributeError: "
                                      r"'str' object has no attribute 'foo'")
        self.assertNotIn("Traceback", done.stderr)
        general = self.python_file(account, "def f(x):\n  print x\n")
        account.configure(remote=PLAIN + "\nnametrans = f", general=general)
        done = self.assert_synced(account, code=3)
        self.assertIn("functions.py", done.stderr)
        self.assertIn("Python 3 writes print(...)", done.stderr)

    def test_ctrl_c_ends_the_program_though_a_function_waits(self):
        account = self.filled()
        ready = account.directory / "ready"
        general = self.python_file(account, "import time, subprocess\n"
                                   "def password():\n"
                                   f"    open({str(ready)!r}, 'w').close()\n"
                                   "    time.sleep(600)\n")
        account.configure(general=general)
        rc = account.rc.read_text()
        account.rc.write_text(rc.replace("remotepass = secret", "remotepasseval = password()"))
        program = subprocess.Popen([account.program, "-c", account.rc],
                                   stderr=subprocess.DEVNULL)
        try:
            while not ready.exists():
                self.assertIsNone(program.poll())
                time.sleep(0.01)
            program.send_signal(signal.SIGINT)
            self.assertEqual(program.wait(30), 130)
        finally:
            program.kill()

    def test_each_folder_is_asked_about_once_a_run(self):
        account = self.filled()
        log = account.directory / "calls"
        general = self.python_file(account, "def note(what, f):\n"
                                   f"    with open({str(log)!r}, 'a') as file:\n"
                                   "        file.write(what + ' ' + f + '\\n')\n")
        account.configure(general=general,
                          remote=PLAIN + "\nfolderfilter = lambda f: not note('filter', f)\n"
                          "nametrans = lambda f: note('name', f) or f")
        self.assert_synced(account)
        calls = log.read_text().splitlines()
        self.assertEqual(sorted(calls), sorted(set(calls)))
        self.assertEqual(len(calls), 2 * len(account.remote()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
