# SPDX-License-Identifier: Apache-2.0
"""The manual pages and completions that are built. MANUAL is their directory, PROGRAM the program."""
import os
import pathlib
import re
import shutil
import subprocess
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

    def test_pages_are_well_formed(self):
        if not shutil.which("groff"):
            self.skipTest("groff is not installed")
        for page in (MANUAL / "man").iterdir():
            done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", str(page)], capture_output=True,
                                  text=True)
            self.assertEqual(done.stderr, "", page.name)
            self.assertNotIn("@", page.read_text().replace("offlineimap@", ""), page.name)


class Completion(unittest.TestCase):
    def completed(self, *words):
        script = MANUAL / "completion" / "offlineimap.bash"
        line = " ".join(f"'{word}'" for word in words)
        return subprocess.run(
            ["bash", "-c", f". {script}; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; "
                           "_offlineimap; echo \"${COMPREPLY[@]}\""],
            check=True, capture_output=True, text=True).stdout.split()

    def test_bash_completes_options_and_commands(self):
        self.assertEqual(self.completed("offlineimap", "--dry"), ["--dry-run"])
        self.assertEqual(self.completed("offlineimap", "stat"), ["status"])
        self.assertEqual(self.completed("offlineimap", "status", "--js"), ["--json"])

    def test_the_other_shells_know_every_option(self):
        for shell, form in (("zsh", "'{}["), ("fish", None)):
            text = (MANUAL / "completion" / f"offlineimap.{shell}").read_text()
            for name in OPTIONS:
                short = f" -l {name[2:]} " if name.startswith("--") else f" -s {name[1:]} "
                self.assertIn(form.format(name) if form else short, text, shell)


if __name__ == "__main__":
    unittest.main()
