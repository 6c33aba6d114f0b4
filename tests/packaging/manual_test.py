# SPDX-License-Identifier: Apache-2.0
"""The manual pages and completions that are built. MANUAL is their directory, PROGRAM the program."""
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

MANUAL = pathlib.Path(os.environ["MANUAL"])
HELP = subprocess.run([os.environ["PROGRAM"], "--help"], check=True, capture_output=True,
                      text=True).stdout
OPTIONS = re.findall(r"^  (-[\w-]+)", HELP, re.M)


class Pages(unittest.TestCase):
    def test_first_page_has_every_option_and_command(self):
        page = (MANUAL / "man" / "offlineimap.1").read_text().replace("\\-", "-")
        for word in OPTIONS + ["plugins", "status", "help"]:
            self.assertIn(f".B {word}", page)

    def test_every_interface_is_in_its_page(self):
        page = (MANUAL / "man" / "offlineimapui.7").read_text()
        for name in ("ttyui", "basic", "quiet"):
            self.assertIn(f".B {name}\n", page)

    def test_options_of_the_configuration_are_in_theirs(self):
        page = (MANUAL / "man" / "offlineimap.conf.5").read_text()
        for name in ("accounts", "localfolders", "remotehost", "autorefresh"):
            self.assertIn(f"\\fB{name}\\fR (", page)

    def test_mandoc_finds_nothing_wrong(self):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc is not installed")
        for page in (MANUAL / "man").iterdir():
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", str(page)],
                                  capture_output=True, text=True)
            self.assertEqual(done.stdout + done.stderr, "", page.name)

    def test_man_shows_them(self):
        if not shutil.which("man"):
            self.skipTest("man is not installed")
        for page in (MANUAL / "man").iterdir():
            done = subprocess.run(
                ["man", "--warnings=all", "-l", str(page)], capture_output=True, text=True,
                env={**os.environ, "MANPAGER": "cat", "MANWIDTH": "80", "LC_ALL": "C.UTF-8"})
            self.assertEqual((done.returncode, done.stderr), (0, ""), page.name)
            self.assertIn("NAME", done.stdout)

    def test_pages_are_well_formed(self):
        if not shutil.which("groff"):
            self.skipTest("groff is not installed")
        for page in (MANUAL / "man").iterdir():
            done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", str(page)], capture_output=True,
                                  text=True)
            self.assertEqual(done.stderr, "", page.name)
            self.assertNotIn("@", page.read_text().replace("offlineimap@", ""), page.name)


class Completion(unittest.TestCase):
    """In the shells themselves, at a terminal where that is the only way."""

    def script(self, shell):
        return MANUAL / "completion" / f"offlineimap.{shell}"

    def need(self, shell):
        if not shutil.which(shell):
            self.skipTest(f"{shell} is not installed")

    def typed(self, shell, setup, line, expected):
        """What an interactive shell shows after `line` and a tab."""
        self.need(shell[0])
        directory = tempfile.TemporaryDirectory(prefix="offlineimap-shell-")
        self.addCleanup(directory.cleanup)
        pid, master = pty.fork()
        if pid == 0:
            os.chdir(directory.name)
            os.environ.update(HOME=directory.name, TERM="dumb", PS1="READY> ")
            os.execvp(shell[0], shell)
        shown = b""

        def wait_for(words):
            nonlocal shown
            end = time.monotonic() + 20
            while words not in shown and time.monotonic() < end:
                if select.select([master], [], [], 0.1)[0]:
                    shown += os.read(master, 65536)
            return words in shown
        try:
            os.write(master, setup.encode() + b"\necho SET''UP\n")
            self.assertTrue(wait_for(b"SETUP"), shown)
            shown = b""
            os.write(master, line.encode() + b"\t")
            self.assertTrue(wait_for(expected.encode()), shown)
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(master)

    LINES = (("offlineimap --dry", "--dry-run"), ("offlineimap stat", "status"),
             ("offlineimap status --js", "--json"), ("offlineimap -u blink", "blinkenlights"))

    def test_bash(self):
        for line, expected in self.LINES:
            with self.subTest(line):
                self.typed(["bash", "--norc", "--noprofile", "-i"], f". {self.script('bash')}", line,
                           expected)

    def test_zsh(self):
        for line, expected in self.LINES:
            with self.subTest(line):
                self.typed(["zsh", "-f", "-i"],
                           "autoload -U compinit; compinit -u -D; unset zle_bracketed_paste; "
                           f"_offlineimap() {{ . {self.script('zsh')} }}; "
                           "compdef _offlineimap offlineimap", line, expected)

    def test_fish(self):
        self.need("fish")
        for line, expected in self.LINES:
            with self.subTest(line):
                done = subprocess.run(
                    ["fish", "--no-config", "-c", f"source {self.script('fish')}; "
                     f"complete -C '{line}'"], capture_output=True, text=True, timeout=30)
                self.assertEqual(done.stderr, "")
                offered = [answer.split("\t")[0] for answer in done.stdout.splitlines()]
                self.assertEqual(offered, [expected])

    def test_every_shell_knows_every_option(self):
        for shell, form in (("bash", "{}"), ("zsh", "'{}["), ("fish", None)):
            text = self.script(shell).read_text()
            for name in OPTIONS:
                short = f" -l {name[2:]} " if name.startswith("--") else f" -s {name[1:]} "
                self.assertIn(form.format(name) if form else short, text, shell)


if __name__ == "__main__":
    unittest.main()
