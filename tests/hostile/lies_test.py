# SPDX-License-Identifier: Apache-2.0
"""A server that cannot what it says it can, that numbers its mail anew without a word, and one whose
answers have no end: nothing is lost, nothing is doubled, and it takes no more than 100 MB."""
import copy
import re
import time
import unittest

from ground import PLAIN, Run
from hostile_test import ANY, HostileTest
from odd_server import Mischief

TOP = 2**32 - 1


class Cannot(Mischief):
    """Answers commands that fit a pattern with something else than what they ask for."""

    def __init__(self, pattern, answer):
        self.pattern, self.said, self.happened = re.compile(pattern), answer, 0

    def refusal(self, connection, command):
        line = command.verb.encode() + b" " + command.rest
        if not self.pattern.match(line):
            return None
        self.happened += 1
        return self.said


class Capabilities(HostileTest):
    """Each is announced, and none of its commands does anything."""

    # What the extension is asked for with; whether the run can do without.
    LIES = {
        "ENABLE": (rb"ENABLE", True),
        "QRESYNC": (rb"UID FETCH .*VANISHED", True),
        "CONDSTORE": (rb"UID FETCH .*CHANGEDSINCE", True),
        "LIST-EXTENDED": (rb"LIST .*RETURN", True),
        "ESEARCH": (rb"UID SEARCH RETURN", True),
        "ID": (rb"ID", True),
        "UIDPLUS": (rb"UID EXPUNGE", False),
    }

    def test_that_are_refused(self):
        for name, (pattern, can_do_without) in self.LIES.items():
            for answer in (b"BAD what is that", b"NO I cannot", b"NO [CANNOT] I cannot"):
                with self.subTest(f"{name} {answer}"):
                    does = can_do_without and (answer.startswith(b"BAD") or name not in (
                        "QRESYNC", "CONDSTORE"))
                    mischief = Cannot(pattern, answer)
                    wrong = self.scene().play(mischief, (0,) if does else (1,), honest=True)
                    self.assertFalse(wrong, wrong)
                    self.assertGreater(mischief.happened, 0)

    def test_that_do_nothing(self):
        """OK, and not a word of what was asked for. An EXPUNGE that does nothing cannot be seen
        before the next run; no word of what is to be listed is an error."""
        for name, (pattern, _) in self.LIES.items():
            with self.subTest(name):
                wrong = self.scene().play(Cannot(pattern, b"OK done"), (0, 1, 6))
                self.assertFalse(wrong, wrong)

    def test_a_move_that_is_none(self):
        for answer, code in ((b"BAD what", 1), (b"NO cannot", 1), (b"OK done", 0)):
            with self.subTest(answer):
                scene = self.scene()
                with scene.server:
                    scene.configure()
                    run = Run(scene.account)
                    self.assertEqual(run.code, 0, run.output)
                    scene.carry_to_work(4)
                    scene.server.mischief = Cannot(rb"UID MOVE", answer)
                    run = Run(scene.account)
                    self.assertFalse(run.wrong(ANY), run.output)
                    self.assertIn(4, scene.server.boxes["INBOX"].mails)
                    scene.server.mischief = Mischief()
                    for _ in range(2):
                        run = Run(scene.account)
                    self.assertEqual(run.code, 0, run.output)
                # Where the server said OK, the message may be there still, and here as well.
                counts = [len(box.mails) for box in scene.server.boxes.values()]
                self.assertIn(counts, ([5, 4], [6, 4]) if code == 0 else ([5, 4],))
                self.assertEqual(scene.local(), scene.remote())


class Renumbered(HostileTest):
    """UIDs given anew under the old UIDVALIDITY."""

    def renumber(self, scene, order, first):
        box = scene.server.boxes["INBOX"]
        mails = [box.mails[uid] for uid in sorted(box.mails)]
        box.mod_seq += 10
        box.mails = {}
        for uid, at in enumerate(order, first):
            box.mails[uid] = copy.copy(mails[at])
            box.mails[uid].mod_seq = box.mod_seq
        box.next = first + len(order)
        box.gone = {}

    def test_from_one_again(self):
        """Each number means another message now: all are found again by their content."""
        scene = self.scene()
        with scene.server:
            scene.configure()
            for _ in range(2):  # the second one knows what came in the first one
                run = Run(scene.account)
                self.assertEqual(run.code, 0, run.output)
            self.renumber(scene, (2, 0, 1, 5, 4, 3), 1)
            run = Run(scene.account)
            self.assertEqual(run.code, 0, run.output)
            self.assertIn("UIDNEXT was 8 and is 7", run.output)
            self.assertFalse(scene.wrong(run.output))
            run = Run(scene.account)
            self.assertEqual((run.code, run.output), (0, ""))
        self.assertFalse(scene.wrong(run.output))
        self.assertFalse(scene.difference())

    def test_above_the_old_ones(self):
        """All there is looks new, and that the old ones are gone the next run sees."""
        scene = self.scene()
        self.renumber(scene, (3, 1, 2, 0), 1000)
        with scene.server:
            scene.configure()
            for _ in range(3):
                run = Run(scene.account)
                self.assertFalse(run.wrong((0, 1, 6)), run.output)
        self.assertFalse(scene.wrong(run.output))
        self.assertFalse(scene.difference())


class Endless(HostileTest):
    """Answers that are allowed as such, and never end or name more than there can be."""

    def flood(self, verb, line, count, kinds=("modern",), codes=ANY):
        """`line(n)` so many times before the answer to each command of the verb."""
        class Flood(Mischief):
            def answer(self, connection, command, untagged, tagged):
                if command.verb == verb:
                    for begin in range(0, count, 100):
                        connection.send(b"".join(
                            line(n) for n in range(begin, min(begin + 100, count))))
                return b"".join(untagged) + tagged
        self.play(Flood, codes, kinds)

    def test_folders_with_long_names(self):
        self.flood("LIST", lambda n: b'* LIST () "/" "%d%s"\r\n' % (n, b"x" * 4000), 30_000)

    def test_names_of_64_kilobytes(self):
        self.flood("LIST", lambda n: b'* LIST () "/" {65530}\r\n' + b"%06d" % n * 10_921 + b"1234\r\n",
                   3000)

    def test_subscribed_folders(self):
        self.play(lambda: self.many(b'* LSUB () "/" "%d' + b"y" * 3000 + b'"\r\n', "LSUB", 30_000), ANY,
                  ("bare",), remote=PLAIN + "\nsubscribedonly = yes")

    def many(self, line, verb, count):
        class Many(Mischief):
            def answer(self, connection, command, untagged, tagged):
                if command.verb == verb:
                    for n in range(count):
                        connection.send(line % n)
                return b"".join(untagged) + tagged
        return Many()

    def test_keywords_of_a_message(self):
        words = b" ".join(b"k%d" % n for n in range(150_000))
        self.flood("UID FETCH", lambda n: b"* 1 FETCH (UID 2 FLAGS (%s))\r\n" % words, 50)

    def test_other_keywords_for_each_message(self):
        def line(n):
            words = b" ".join(b"k%d-%d%s" % (n, i, b"x" * 30) for i in range(4000))
            return b"* 1 FETCH (UID %d FLAGS (%s))\r\n" % (n + 10, words)
        self.flood("UID FETCH", line, 2000)

    def test_flags_of_a_folder(self):
        words = b" ".join(b"k%d" % n for n in range(150_000))
        for line in (b"* FLAGS (%s)\r\n" % words, b"* OK [PERMANENTFLAGS (%s)] x\r\n" % words):
            self.flood("SELECT", lambda n, line=line: line, 50)

    def test_alerts(self):
        self.flood("UID FETCH", lambda n: b"* OK [ALERT] %d %s\r\n" % (n, b"x" * 500), 100_000,
                   codes=(0,))

    def test_capabilities(self):
        self.flood("LOGIN", lambda n: b"* CAPABILITY IMAP4rev1 %s\r\n" % b" ".join(
            b"X%d-%d" % (n, i) for i in range(50_000)), 50)

    def test_enabled(self):
        self.flood("LIST", lambda n: b"* ENABLED %s\r\n" % b" ".join(
            b"X%d-%d" % (n, i) for i in range(50_000)), 50)

    def test_what_the_server_is(self):
        self.flood("ID", lambda n: b"* ID (%s)\r\n" % b" ".join(
            b'"a%d" "b%d"' % (n, i) for i in range(30_000)), 50)

    def test_namespaces(self):
        self.flood("NAMESPACE", lambda n: b"* NAMESPACE (%s) NIL NIL\r\n" % (b'("%d" "/")' % n * 50_000),
                   50)

    def test_numbers_that_were_found(self):
        """With as many messages as there can be."""
        class Found(Mischief):
            def answer(self, connection, command, untagged, tagged):
                whole = b"".join(untagged) + tagged
                if command.verb == "SELECT":
                    whole = re.sub(rb"\* \d+ EXISTS", b"* 4294967295 EXISTS", whole)
                    return re.sub(rb"\[UIDNEXT \d+", b"[UIDNEXT 4294967295", whole)
                if command.verb == "UID FETCH" and b"VANISHED" in command.rest:
                    return command.tag + b" BAD no\r\n" if self.refuses else (
                        b"* VANISHED (EARLIER) 1:4294967294\r\n" + whole)
                if command.verb == "UID SEARCH":
                    return (b'* ESEARCH (TAG "%s") UID ALL 1:4294967294\r\n' % command.tag
                            + command.tag + b" OK done\r\n")
                return whole
        for refuses in (False, True):
            mischief = Found()
            mischief.refuses = refuses
            wrong = self.scene().play(mischief, ANY)
            self.assertFalse(wrong, wrong)

    def test_long_lists_of_numbers(self):
        for kind, verb, begin in (("modern", "UID FETCH", b"* VANISHED (EARLIER) "),
                                  ("modern", "UID SEARCH", b'* ESEARCH UID ALL '),
                                  ("bare", "UID SEARCH", b"* SEARCH ")):
            blank = b" " if kind == "bare" else b","
            for numbers in (range(1, 4_000_000, 2), range(4_000_000, 1, -2)):
                line = begin + blank.join(b"%d" % n for n in numbers) + b"\r\n"
                line = line[:19_000_000].rstrip(b"0123456789").rstrip(blank) + b"\r\n"
                with self.subTest(f"{kind} {begin}"):
                    self.flood(verb, lambda n, line=line: line, 2, (kind,))

    def test_messages(self):
        self.flood("UID FETCH", lambda n: b"* %d FETCH (UID %d FLAGS ())\r\n" % (n + 1, n + 5), 700_000)

    def test_words_that_say_nothing(self):
        """At full speed, until the client has had enough."""
        class Chatting(Mischief):
            def answer(self, connection, command, untagged, tagged):
                if command.verb != "UID FETCH":
                    return b"".join(untagged) + tagged
                end = time.monotonic() + 60
                while time.monotonic() < end:
                    connection.send(b"* OK [X-NOISE (a b)] still here\r\n" * 1000)
                return b""
        self.play(Chatting, (1, 5), ("modern",))


if __name__ == "__main__":
    unittest.main(verbosity=1)
