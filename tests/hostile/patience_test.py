# SPDX-License-Identifier: Apache-2.0
"""A server that wants fewer of us, or us later, or has no room: fewer connections or a wait, and what
cannot be done is said, costs nothing else, and is done by the next run."""
import unittest

from ground import PLAIN, Run
from hostile_test import HostileTest
from odd_server import Mischief

MANY = PLAIN + "\nmaxconnections = 4"
PATIENCE = ("[UNAVAILABLE] the disk is away", "[LIMIT] too much at once", "[INUSE] locked",
            "[THROTTLED] slowly", "Too many sessions have it open")
VERBS = {"modern": ("LIST", "SELECT", "EXAMINE", "UID FETCH", "UID SEARCH", "UID STORE", "UID EXPUNGE",
                    "APPEND"),
         "bare": ("LIST", "STATUS", "SELECT", "EXAMINE", "UID FETCH", "UID SEARCH", "UID STORE",
                  "EXPUNGE", "APPEND")}


class Refusing(Mischief):
    """Refuses the first commands of a verb that fit, or all."""

    def __init__(self, verb, why, times=1, fits=lambda connection, command: True):
        self.verb, self.why, self.times, self.fits = verb, why, times, fits
        self.refused = 0

    def refusal(self, connection, command):
        if command.verb != self.verb or not self.fits(connection, command):
            return None
        if self.times is not None and self.refused >= self.times:
            return None
        self.refused += 1
        return b"NO " + self.why.encode()


class Patience(HostileTest):
    def once(self, kind, verb, why, times=1, **settings):
        with self.subTest(f"{kind} {verb} {why} {settings}"):
            mischief = Refusing(verb, why, times)
            wrong = self.scene(kind).play(mischief, (0,), **settings)
            self.assertFalse(wrong, wrong)
            self.assertGreater(mischief.refused, 0)

    def test_one_refusal_of_any_command_costs_a_wait_and_nothing_else(self):
        for kind, verbs in VERBS.items():
            for verb in verbs:
                self.once(kind, verb, PATIENCE[0])

    def test_whatever_the_server_calls_it(self):
        for why in PATIENCE:
            for verb in ("SELECT", "UID FETCH", "UID STORE", "APPEND"):
                self.once("modern", verb, why)

    def test_more_than_once(self):
        for verb in ("SELECT", "APPEND"):
            self.once("modern", verb, PATIENCE[1], times=2)

    def test_with_several_connections(self):
        for verb in ("SELECT", "EXAMINE", "APPEND"):
            self.once("modern", verb, PATIENCE[2], times=2, remote=MANY)

    def test_a_folder_that_is_locked_by_another_connection_of_ours(self):
        class Exclusive(Mischief):
            refused = 0

            def refusal(self, connection, command):
                if command.verb not in ("SELECT", "EXAMINE"):
                    return None
                name = connection.named(command)
                others = [c for c in connection.server.inside
                          if c is not connection and c.holds == name and not c.lines.closed]
                if others:
                    self.refused += 1
                    return b"NO [INUSE] somebody has it open"
                connection.holds = name
                return None

            def greeting(self, connection, line):
                connection.holds = None
                connection.server.inside.append(connection)
                return line
        scene = self.scene()
        scene.server.inside = []
        wrong = scene.play(Exclusive(), (0,), remote=MANY)
        self.assertFalse(wrong, wrong)

    def test_a_folder_that_stays_shut_costs_no_other(self):
        for code, why in (("UNAVAILABLE", "away"), ("INUSE", "locked")):
            with self.subTest(code):
                scene = self.scene()
                mischief = Refusing("SELECT", f"[{code}] {why}", None,
                                    lambda connection, command: connection.named(command) == "Work")
                scene.server.mischief = mischief
                with scene.server:
                    scene.configure()
                    run = Run(scene.account)
                self.assertEqual(run.code, 1, run.output)
                self.assertIn(f"[{code}] {why}", run.output)
                self.assertEqual(scene.local()["INBOX"], scene.remote()["INBOX"])
                self.assertLessEqual(mischief.refused, 5)
                wrong = scene.heal("", (0,))
                self.assertFalse(wrong, wrong)

    def test_a_flag_that_the_server_has_no_room_for_costs_no_other_change(self):
        scene = self.scene()
        mischief = Refusing("UID STORE", "[LIMIT] too many flags", None,
                            lambda connection, command: b"Answered" in command.rest)
        scene.server.mischief = mischief
        with scene.server:
            scene.configure()
            run = Run(scene.account)
        self.assertEqual(run.code, 1, run.output)
        self.assertEqual([len(box.mails) for box in scene.server.boxes.values()], [6, 3])
        wrong = scene.heal("", (0,))
        self.assertFalse(wrong, wrong)


class Quota(HostileTest):
    def fill(self, kind, fits, times=None):
        scene = self.scene(kind)
        scene.server.mischief = Refusing("APPEND", "[OVERQUOTA] the mailbox is full", times, fits)
        with scene.server:
            scene.configure()
            run = Run(scene.account)
        self.assertEqual(run.code, 1, run.output)
        self.assertIn("append to INBOX: server answered", run.output)
        self.assertIn("[OVERQUOTA] the mailbox is full", run.output)
        self.assertFalse(wrong := scene.wrong(run.output), wrong)
        return scene, run

    def test_a_full_mailbox_takes_nothing_and_all_else_is_done(self):
        for kind in ("modern", "bare"):
            with self.subTest(kind):
                scene, _ = self.fill(kind, lambda *_: True)
                box = scene.server.boxes["INBOX"]
                self.assertEqual(len(box.mails), 4)
                self.assertIn("\\Answered", box.mails[3].flags)
                self.assertEqual(len(scene.server.boxes["Work"].mails), 3)
                self.assertIn(5, scene.files_by_uid("INBOX"))
                wrong = scene.heal("", (0,))
                self.assertFalse(wrong, wrong)

    def test_one_message_that_is_too_much_keeps_no_other_out(self):
        for kind in ("modern", "bare"):
            with self.subTest(kind):
                scene, _ = self.fill(
                    kind, lambda _, command: any(b"from here 2" in text for text in command.texts))
                self.assertEqual(len(scene.server.boxes["INBOX"].mails), 5)
                wrong = scene.heal("", (0,))
                self.assertFalse(wrong, wrong)

    def test_it_is_tried_again_by_each_run_until_there_is_room(self):
        scene, _ = self.fill("modern", lambda *_: True)
        for _ in range(2):
            with scene.server:
                scene.configure()
                run = Run(scene.account)
            self.assertEqual(run.code, 1, run.output)
        wrong = scene.heal("", (0,))
        self.assertFalse(wrong, wrong)

    def test_a_move_that_does_not_fit_leaves_the_message_where_it_is(self):
        scene = self.scene()
        with scene.server:
            scene.configure()
            run = Run(scene.account)
            self.assertEqual(run.code, 0, run.output)
            scene.carry_to_work(4)
            scene.server.mischief = Refusing("UID MOVE", "[OVERQUOTA] full", None)
            run = Run(scene.account)
            self.assertEqual(run.code, 1, run.output)
            self.assertIn("[OVERQUOTA] full", run.output)
            self.assertIn(4, scene.server.boxes["INBOX"].mails)
            scene.server.mischief = Mischief()
            run = Run(scene.account)
            self.assertEqual(run.code, 0, run.output)
        self.assertNotIn(4, scene.server.boxes["INBOX"].mails)
        self.assertEqual(len(scene.server.boxes["Work"].mails), 4)
        self.assertEqual(scene.local(), scene.remote())


if __name__ == "__main__":
    unittest.main(verbosity=1)
