# SPDX-License-Identifier: Apache-2.0
"""A server that wants fewer of us, or us later, or has no room: fewer connections or a wait, and what
cannot be done is said, costs nothing else, and is done by the next run."""
import concurrent.futures
import unittest

from ground import AT_ONCE, PLAIN, SANITIZED, Run
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

    def once_each(self, cases):
        """Side by side: most of the time is spent in waiting."""
        def check(case):
            mischief = Refusing(*case[1:])
            wrong = self.play_apart(case[0], mischief, (0,))
            return wrong or ("" if mischief.refused else "the command was not sent")
        self.check_all(cases, check)

    def test_one_refusal_of_any_command_costs_a_wait_and_nothing_else(self):
        self.once_each([(kind, verb, PATIENCE[0]) for kind, verbs in VERBS.items() for verb in verbs])

    def test_whatever_the_server_calls_it(self):
        self.once_each([(kind, verb, why) for why in PATIENCE for kind in VERBS
                        for verb in ("SELECT", "UID FETCH", "UID STORE", "APPEND", VERBS[kind][-2])])

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

    def test_a_limit_that_stays_is_asked_about_once_more_and_costs_nothing_else(self):
        """What the server has no room for (RFC 5530): time alone makes none."""
        for verb, fits, left in (
                ("UID STORE", lambda _, command: b"Answered" in command.rest, [6, 3]),
                ("APPEND", lambda *_: True, [4, 3]),
                ("UID EXPUNGE", lambda *_: True, [6, 4])):
            with self.subTest(verb):
                scene = self.scene()
                mischief = Refusing(verb, "[LIMIT] too many", None, fits)
                scene.server.mischief = mischief
                with scene.server:
                    scene.configure()
                    run = Run(scene.account)
                self.assertEqual(run.code, 1, run.output)
                self.assertIn("[LIMIT] too many", run.output)
                self.assertEqual([len(box.mails) for box in scene.server.boxes.values()], left)
                self.assertLessEqual(mischief.refused, 6)  # a group of two, each of them; again
                if not SANITIZED:
                    self.assertLess(run.seconds, 2.5)
                wrong = scene.heal("", (0,))
                self.assertFalse(wrong, wrong)

    def test_patience_that_was_in_vain_is_not_spent_again_in_the_same_run(self):
        """A folder that stays shut is listed, read from and written to: only once that takes long."""
        scene = self.scene()
        scene.server.mischief = Refusing("UID STORE", "[UNAVAILABLE] no", None)
        remove = Refusing("UID EXPUNGE", "[UNAVAILABLE] no", None)
        refuse_store = scene.server.mischief.refusal
        scene.server.mischief.refusal = lambda *what: refuse_store(*what) or remove.refusal(*what)
        with scene.server:
            scene.configure()
            run = Run(scene.account)
        self.assertEqual(run.code, 1, run.output)
        if not SANITIZED:
            self.assertLess(run.seconds, 10)  # seven for the first, one for the second
        wrong = scene.heal("", (0,))
        self.assertFalse(wrong, wrong)


class Moves(HostileTest):
    """A message that was carried to another folder here is moved there, or stays where it is."""

    def carry(self, why, times):
        """A run in which the server does not want to move it."""
        scene = self.scene()
        with scene.server:
            scene.configure()
            run = Run(scene.account)
            self.assertEqual(run.code, 0, run.output)
            scene.carry_to_work(4)
            scene.server.mischief = Refusing("UID MOVE", why, times)
            run = Run(scene.account)
        return scene, run, scene.server.mischief.refused

    def assert_moved(self, scene):
        self.assertNotIn(4, scene.server.boxes["INBOX"].mails)
        self.assertEqual(len(scene.server.boxes["Work"].mails), 4)
        self.assertEqual(scene.local(), scene.remote())

    def carry_each(self, cases, times):
        """Side by side: most of the time is spent in waiting."""
        self.template("modern")
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            return zip(cases, pool.map(lambda why: self.carry(why, times), cases))

    def test_one_that_is_refused_for_a_while_is_done_in_the_same_run(self):
        for why, (scene, run, refused) in self.carry_each(PATIENCE, 1):
            with self.subTest(why):
                self.assertEqual((run.code, refused), (0, 1), run.output)
                self.assert_moved(scene)

    def test_one_that_is_always_refused_leaves_the_message_where_it_is(self):
        for why, (scene, run, _) in self.carry_each((*PATIENCE, "[OVERQUOTA] full"), None):
            with self.subTest(why):
                self.assertEqual(run.code, 5 if "THROTTLED" in why else 1, run.output)
                self.assertIn(why, run.output)
                self.assertIn(4, scene.server.boxes["INBOX"].mails)
                self.assertEqual(len(scene.server.boxes["Work"].mails), 3)
                scene.server.mischief = Mischief()
                with scene.server:
                    scene.configure()
                    run = Run(scene.account)
                self.assertEqual(run.code, 0, run.output)
                self.assert_moved(scene)


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


if __name__ == "__main__":
    unittest.main(verbosity=1)
