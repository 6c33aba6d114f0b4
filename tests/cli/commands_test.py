# SPDX-License-Identifier: Apache-2.0
"""The sub-commands of the built program. PROGRAM is the offlineimap to run."""
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["PROGRAM"]


class CommandTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="offlineimap-commands-")
        self.addCleanup(scratch.cleanup)
        self.directory = pathlib.Path(scratch.name)

    def run_program(self, *arguments, code=0, **environment):
        done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL,
                              env={**os.environ, "HOME": str(self.directory), **environment})
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done


class Help(CommandTest):
    def test_the_same_text_is_had_in_three_ways(self):
        text = self.run_program("--help").stdout
        self.assertEqual(self.run_program("help").stdout, text)
        self.assertEqual(self.run_program("-h").stdout, text)
        self.assertIn("plugins", text)

    def test_each_command_tells_about_itself(self):
        commands = self.run_program("help").stdout.split("Commands:\n")[1]
        for line in commands.splitlines():
            name = line.split()[0]
            if name == "help":
                continue
            text = self.run_program("help", name).stdout
            self.assertTrue(text.startswith(f"Usage: offlineimap {name}"), text)
            self.assertEqual(self.run_program(name, "--help").stdout, text)

    def test_an_unknown_command_is_named(self):
        done = self.run_program("help", "plugin", code=2)
        self.assertIn('did you mean "plugins"', done.stderr)


class Plugins(CommandTest):
    def test_lists_what_is_installed(self):
        text = self.run_program("plugins").stdout
        for words in ("repo-imap.so", "Apache-2.0", 'repository "maildir"', "remotehost (text",
                      'status store "sqlite"'):
            self.assertIn(words, text)

    def test_shows_one_type(self):
        text = self.run_program("plugins", "sqlite").stdout
        self.assertIn("fsync (yes or no; default yes)", text)
        self.assertNotIn("remotehost", text)
        self.assertEqual(self.run_program("plugins", "status-sqlite").stdout, text)

    def test_names_what_there_is_where_a_type_is_unknown(self):
        done = self.run_program("plugins", "sqlte", code=3)
        self.assertIn('did you mean "sqlite"', done.stderr)

    def test_tells_why_a_plugin_would_be_refused(self):
        broken = self.directory / "repo-broken.so"
        broken.write_bytes(b"not a library")
        text = self.run_program("plugins", OFFLINEIMAP_PLUGIN_PATH=str(self.directory)).stdout
        self.assertRegex(text, f"{broken}\n  cannot be used: ")

    def test_prints_json(self):
        (self.directory / "ui-broken.so").write_bytes(b"")
        done = self.run_program("plugins", "--json", OFFLINEIMAP_PLUGIN_PATH=str(self.directory))
        listing = json.loads(done.stdout)
        self.assertEqual(listing["version"], 1)
        by_file = {pathlib.Path(p["file"]).name: p for p in listing["plugins"]}
        self.assertIn("refused", by_file["ui-broken.so"])
        imap = by_file["repo-imap.so"]["components"][0]
        self.assertEqual((imap["kind"], imap["type"]), ("repository", "imap"))
        self.assertTrue(all(o["help"] for o in imap["options"]))

    def test_a_configuration_with_mistakes_is_no_obstacle(self):
        (self.directory / ".offlineimaprc").write_text("[general]\n")
        done = self.run_program("plugins")
        self.assertIn("plugin-path is not heeded", done.stderr)
        self.assertIn("repo-imap.so", done.stdout)


CASES = pathlib.Path(__file__).parent.parent / "data" / "convert"
BAD = CASES.parent / "check"


class Config(CommandTest):
    def converted(self, case):
        return self.run_program("config", "convert", "-c", str(CASES / case / "in"))

    def test_each_case_becomes_the_yaml_beside_it(self):
        for case in sorted(path.name for path in CASES.iterdir()):
            with self.subTest(case):
                self.assertEqual(self.converted(case).stdout, (CASES / case / "out").read_text())

    def test_what_was_converted_can_be_used(self):
        (self.directory / ".pass").touch(0o600)
        for case in sorted(path.name for path in CASES.iterdir()):
            with self.subTest(case):
                file = self.directory / f"{case}.yaml"
                file.write_text(self.converted(case).stdout)
                self.run_program("config", "check", "-c", str(file))

    def test_what_stays_python_is_said(self):
        self.assertIn("folderfilter", self.converted("stays_python").stderr)
        self.assertEqual(self.converted("lists_and_starts").stderr, "")

    def test_check_tells_every_problem_with_its_line(self):
        """tests/data/check: each file has more wrong with it than one thing, as people's have."""
        cases = sorted(BAD.iterdir())
        self.assertGreaterEqual(len(cases), 25)
        for case in cases:
            with self.subTest(case.name):
                scratch = self.directory / case.name
                scratch.mkdir()
                for file in case.iterdir():
                    text = file.read_text().replace("{dir}", str(scratch))
                    (scratch / file.name).write_text(text)
                    (scratch / file.name).chmod(0o600)
                file, = scratch.glob("in*")
                expected = (scratch / "out").read_text()
                done = self.run_program("config", "check", "-c", str(file),
                                        code=3 if "error: " in expected else 0)
                self.assertEqual(done.stdout, expected)
                self.assertEqual(done.stderr, "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
