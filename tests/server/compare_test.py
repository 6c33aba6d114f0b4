# SPDX-License-Identifier: Apache-2.0
"""The original and this program with the same rc files, against the same mail: what is on disk and on
the server afterwards is the same; each goes on where the other one stopped; and so does the YAML
that an rc file is converted to. Each rc file in tests/data/compare is a case, see compared.py."""
import os
import shutil
import unittest

from compared import CASES, ROUNDS, Side, ground

PROGRAM = os.environ["PROGRAM"]
ORIGINAL = "/usr/bin/offlineimap"
HAS_ORIGINAL = shutil.which("offlineimap", path="/usr/bin")


class Sides(unittest.TestCase):
    maxDiff = None
    WHAT = ("local", "remote", "other", "lists", "status", "validity")

    def sides(self, server, rc, *programs):
        made = [Side(server, rc, user, program) for user, program in zip(("joe", "ann"), programs)]
        for side in made:
            self.addCleanup(side.undo.close)
            side.fill()
        return made

    def compare(self, one, another, when):
        for what in self.WHAT:
            self.assertEqual(getattr(one, what)(), getattr(another, what)(), f"{what}, {when}")

    def run_all(self, *sides):
        for side in sides:
            done = side.run()
            self.assertEqual(done.returncode, 0,
                             f"{side.program} {side.file}:\n{done.stdout}{done.stderr}")


@unittest.skipUnless(HAS_ORIGINAL, "offlineimap3 is not installed")
class Compare(Sides):
    def story(self, rc):
        with ground(rc, ("joe", "ann")) as server:
            theirs, ours = self.sides(server, rc, ORIGINAL, PROGRAM)
            self.run_all(theirs, ours)
            self.compare(theirs, ours, "after the first run")
            for side in (theirs, ours):
                side.change(1)
            self.run_all(theirs, ours)
            self.run_all(theirs, ours)  # the original needs two for what it creates
            self.compare(theirs, ours, "after changes on both sides")


@unittest.skipUnless(HAS_ORIGINAL, "offlineimap3 is not installed")
class Exchanged(Sides):
    def story(self, rc):
        with ground(rc, ("joe", "ann")) as server:
            sides = self.sides(server, rc, ORIGINAL, PROGRAM)
            self.run_all(*sides)
            before = [side.everything() for side in sides]
            sides[0].program, sides[1].program = PROGRAM, ORIGINAL
            self.run_all(*sides)
            for side, was in zip(sides, before):
                self.assertEqual(side.everything(), was, f"{side.program} goes on")
            for turn in ROUNDS:
                for side in sides:
                    side.change(turn)
                self.run_all(*sides)
                self.run_all(*sides)
                self.compare(*sides, f"after changes, round {turn}")
                sides[0].program, sides[1].program = sides[1].program, sides[0].program


class Converted(Sides):
    WHAT = ("local", "remote", "other", "lists", "status")

    def convert(self, side):
        yaml = side.directory / "converted.yaml"
        done = side.command("config", "convert", "-c", str(side.file), "-o", str(yaml))
        self.assertEqual(done.returncode, 0, done.stderr)
        kept = yaml.read_text().count(": !python ")
        self.assertEqual(done.stderr.count("stays a Python expression"), kept, done.stderr)
        side.file = yaml
        done = side.command("config", "check", "-c", str(yaml))
        told = [line for line in done.stdout.splitlines() if "unprotected" not in line]
        self.assertEqual((done.returncode, told), (0, ["the configuration can be used"]),
                         yaml.read_text())

    def story(self, rc):
        with ground(rc, ("joe", "ann")) as server:
            sides = self.sides(server, rc, PROGRAM, PROGRAM)
            self.convert(sides[1])
            self.run_all(*sides)
            self.compare(*sides, "after the first run")
            for side in sides:
                side.change(1)
            self.run_all(*sides)
            self.compare(*sides, "after changes on both sides")


def add_cases():
    for file in sorted(CASES.glob("*.rc")):
        for suite in (Compare, Exchanged, Converted):
            def test(self, case=file):
                self.story(case.read_text())
            setattr(suite, "test_" + file.stem, test)


add_cases()
if __name__ == "__main__":
    unittest.main(verbosity=2)
