# SPDX-License-Identifier: Apache-2.0
"""Where passwords come from in YAML, with the whole program, a real server and a real keyring."""
import os
import pty
import shutil
import subprocess
import unittest

from account import text
from dovecot import PASSWORD
from cases import ProgramTest

YAML = """general: {{accounts: [Test], metadata: {dir}/metadata, ui: {ui}}}
accounts: {{Test: {{localrepository: Local, remoterepository: Remote}}}}
repositories:
  Local: {{type: Maildir, localfolders: {dir}/mail}}
  Remote:
    type: IMAP
    remotehost: 127.0.0.1
    remoteport: {port}
    remoteuser: joe
    ssl: no
    starttls: no
    {secret}
"""
KEYRING = shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session") and (
    shutil.which("secret-tool"))
STORE = "printf %s {password} | secret-tool store --label=x service {service} username joe; "


class SecretForms(ProgramTest):
    def configured(self, secret, ui="quiet"):
        account = self.account(self.serve())
        self.home = account.directory / "home"
        (self.home / ".local/share/keyrings").mkdir(parents=True)
        secret = secret.replace("{home}", str(self.home))
        account.rc = account.directory / "config.yaml"
        account.rc.write_text(YAML.format(dir=account.directory, port=account.server.port,
                                          secret=secret, ui=ui))
        account.append("INBOX", text("one"))
        return account

    def environment(self):
        hidden = ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "DISPLAY")
        kept = {k: v for k, v in os.environ.items() if k not in hidden}
        return {**kept, "HOME": str(self.home), "XDG_RUNTIME_DIR": str(self.home)}

    def run_program(self, account, *arguments, before=None, after="true", code=0):
        """`before`: a session with a keyring, and what is done in it first."""
        command = [account.program, "-o", "-c", str(account.rc), *arguments]
        if before is not None:
            script = ("printf login | gnome-keyring-daemon --unlock --components=secrets >&2; "
                      f"{before} \"$@\"; code=$?; {after}; exit $code")
            command = ["dbus-run-session", "--", "sh", "-c", script, "sh", *command]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=120, env=self.environment())
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def prompted(self, account, *arguments):
        """On a terminal, with the password typed in."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ.clear()
            os.environ.update(self.environment(), TERM="dumb")
            os.execv(account.program, ["offlineimap", "-o", "-c", str(account.rc), *arguments])
        said = b""
        answered = False
        try:
            while chunk := os.read(terminal, 4096):
                said += chunk
                if b"assword" in said and not answered:
                    answered = True
                    os.write(terminal, PASSWORD.encode() + b"\n")
        except OSError:
            pass
        os.close(terminal)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, said.decode())
        self.assertTrue(answered)

    def test_a_command(self):
        account = self.configured(f"remotepass: {{command: 'echo {PASSWORD}'}}")
        self.run_program(account)
        self.assert_equal(account)

    def test_a_file(self):
        for option in ("remotepass: {file: ~/pass}", "remotepassfile: ~/pass"):
            account = self.configured(option)
            (self.home / "pass").write_text(PASSWORD + "\n")
            (self.home / "pass").chmod(0o600)
            self.run_program(account)
            self.assert_equal(account)

    def test_a_netrc_file(self):
        for option, name in (("remotepass: {netrc: yes}", ".netrc"), ("# nothing", ".netrc"),
                             ("remotepass: {netrc: ~/mine}", "mine")):
            account = self.configured(option)
            (self.home / name).write_text(f"machine 127.0.0.1 login joe password {PASSWORD}\n")
            (self.home / name).chmod(0o600)
            self.run_program(account)
            self.assert_equal(account)

    def test_a_prompt_that_passes_over_what_netrc_says(self):
        account = self.configured("remotepass: {prompt: yes}", ui="ttyui")
        (self.home / ".netrc").write_text("machine 127.0.0.1 login joe password wrong\n")
        (self.home / ".netrc").chmod(0o600)
        self.prompted(account)
        self.assert_equal(account)

    def test_where_there_is_no_session_bus_a_named_keyring_is_a_mistake(self):
        account = self.configured("remotepass: {keyring: yes}")
        done = self.run_program(account, code=4)
        self.assertRegex(done.stdout, "ask the keyring: (there is no session bus|this program was)")

    @unittest.skipUnless(KEYRING, "gnome-keyring, secret-tool or dbus-run-session is missing")
    def test_the_keyring(self):
        for option, service in (("remotepass: {keyring: yes}", "127.0.0.1"),
                                ("remotepass: {keyring: my mail}", "'my mail'"),
                                ("# nothing", "127.0.0.1")):
            account = self.configured(option)
            store = STORE.format(password=PASSWORD, service=service)
            self.run_program(account, before=store)
            self.assert_equal(account)

    @unittest.skipUnless(KEYRING, "gnome-keyring, secret-tool or dbus-run-session is missing")
    def test_ignore_keyring_does_not_ask_it(self):
        account = self.configured("# nothing")
        store = STORE.format(password=PASSWORD, service="127.0.0.1")
        done = self.run_program(account, "--ignore-keyring", before=store, code=4)
        self.assertIn("no password", done.stdout)

    @unittest.skipUnless(KEYRING, "gnome-keyring, secret-tool or dbus-run-session is missing")
    def test_update_keyring_stores_the_password_that_worked(self):
        account = self.configured(f"remotepass: {PASSWORD}")
        shown = "secret-tool lookup service 127.0.0.1 username joe"
        self.assertEqual(self.run_program(account, before="", after=shown).stdout, "")
        done = self.run_program(account, "--update-keyring", before="", after=shown)
        self.assertEqual(done.stdout, PASSWORD)

    @unittest.skipUnless(KEYRING, "gnome-keyring, secret-tool or dbus-run-session is missing")
    def test_update_keyring_keeps_no_password_that_was_refused(self):
        account = self.configured("remotepass: wrong")
        shown = "secret-tool lookup service 127.0.0.1 username joe"
        done = self.run_program(account, "--update-keyring", before="", after=shown, code=4)
        self.assertRegex(done.stdout, r"\AERROR: [^\n]*\n\Z")


if __name__ == "__main__":
    unittest.main(verbosity=2)
