# SPDX-License-Identifier: Apache-2.0
"""The whole program against a server that lies, babbles, falls silent or breaks off.

Whatever it says: no crash, no hang, no more than 100 MB, nothing outside of the account's folders, no
mail lost or doubled, no control characters on the terminal; and the next run with a sane server
heals. HOSTILE_CASES=0 tries every word at every moment (an hour), else so many of them.
"""
import concurrent.futures
import itertools
import os
import random
import re
import shutil
import socket
import tempfile
import time
import unittest

from ground import AT_ONCE, BARE, IMPATIENT, MODERN, PLAIN, Run, Scene
from moments import HUGE, NONSENSE, UNASKED, Inject, Rewrite
from odd_server import Close, Mischief

CASES = int(os.environ.get("HOSTILE_CASES", "160"))
VERBS = {
    "modern": ["greeting", "LOGIN", "CAPABILITY", "ENABLE", "LIST", "SELECT", "EXAMINE",
               "UID FETCH", "UID SEARCH", "UID STORE", "UID EXPUNGE", "APPEND", "LOGOUT"],
    "bare": ["greeting", "LOGIN", "CAPABILITY", "LIST", "STATUS", "SELECT", "EXAMINE", "UID FETCH",
             "UID SEARCH", "UID STORE", "EXPUNGE", "APPEND", "LOGOUT"]}
ANY = (0, 1, 5, 6)  # never: crashed, refused password, configuration
# 1: a folder that is named and is not there cannot be read.
NAMES_A_FOLDER = ("list", "status")


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.ground = tempfile.TemporaryDirectory(prefix="offlineimap-hostile-")
        cls.addClassCleanup(cls.ground.cleanup)
        cls.numbers = itertools.count()
        cls.templates = {}

    def template(self, kind):
        if kind not in self.templates:
            directory = os.path.join(self.ground.name, kind)
            os.mkdir(directory)
            capabilities = {"modern": MODERN, "bare": BARE}[kind]
            self.templates[kind] = Scene(directory, capabilities).prepare()
        return self.templates[kind]

    def scene(self, kind="modern"):
        scene = self.template(kind).copy(f"{self.ground.name}/{next(self.numbers)}")
        self.addCleanup(shutil.rmtree, scene.directory, ignore_errors=True)
        return scene

    def play(self, mischief, codes=(0,), kinds=("modern", "bare"), **settings):
        for kind in kinds:
            with self.subTest(kind):
                wrong = self.scene(kind).play(mischief(), codes, **settings)
                self.assertFalse(wrong, wrong)

    def play_apart(self, kind, mischief, codes, **settings):
        """For threads: what is wrong."""
        scene = self.template(kind).copy(f"{self.ground.name}/{next(self.numbers)}")
        wrong = scene.play(mischief, codes, **settings)
        shutil.rmtree(scene.directory, ignore_errors=True)
        return wrong

    def check_all(self, cases, check):
        """Most of the time is spent in waiting for a server that fell silent."""
        for kind in VERBS:
            self.template(kind)
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for case, wrong in zip(cases, pool.map(check, cases)):
                with self.subTest(str(case)):
                    self.assertFalse(wrong, wrong)

    def rewrite(self, verb, old, new, codes=(0,), kinds=("modern", "bare"), once=False):
        """Each answer to the verb with something else in the place of a pattern."""
        self.play(lambda: Rewrite(verb, lambda line: re.sub(old, lambda _: new, line), once),
                  codes, kinds)


class Words(HostileTest):
    """Each word at each moment."""

    def cases(self):
        for kind, verbs in VERBS.items():
            for verb, where, what in itertools.product(
                    verbs, ("before", "between", "after", "instead"), {**UNASKED, **NONSENSE}):
                for number, once in ((1, True), (1, False), (2, True)):
                    yield kind, verb, where, what, number, once

    @staticmethod
    def codes(verb, where, what):
        if what in NONSENSE or where == "instead" or verb == "greeting":
            return ANY
        return (0, 1) if what in NAMES_A_FOLDER else (0,)

    def check(self, case):
        kind, verb, where, what, number, once = case
        return self.play_apart(
            kind, Inject({**UNASKED, **NONSENSE}[what], where, verb, number, once),
            self.codes(verb, where, what))

    def test_any_word_at_any_moment(self):
        cases = list(self.cases())
        if CASES:
            cases = random.Random(1).sample(cases, CASES)
        self.check_all(cases, self.check)


class Numbers(HostileTest):
    def test_uidvalidity_that_is_missing_or_makes_no_sense(self):
        for new in (b"[X", b"[UIDVALIDITY 0", b"[UIDVALIDITY x", b"[UIDVALIDITY -1",
                    b"[UIDVALIDITY %d" % HUGE, b"[UIDVALIDITY"):
            with self.subTest(new):
                self.rewrite("SELECT", rb"\[UIDVALIDITY 100", new, (0, 1, 2))

    def test_uidnext_that_is_missing_or_makes_no_sense(self):
        for new in (b"[X", b"[UIDNEXT 0", b"[UIDNEXT 1", b"[UIDNEXT 4294967295",
                    b"[UIDNEXT 4294967296", b"[UIDNEXT %d" % HUGE, b"[UIDNEXT x"):
            with self.subTest(new):
                self.rewrite("SELECT", rb"\[UIDNEXT \d+", new)

    def test_highestmodseq_that_is_missing_or_makes_no_sense(self):
        for new in (b"[NOMODSEQ", b"[HIGHESTMODSEQ 0", b"[HIGHESTMODSEQ 9223372036854775807",
                    b"[HIGHESTMODSEQ 18446744073709551615", b"[HIGHESTMODSEQ %d" % HUGE,
                    b"[HIGHESTMODSEQ x"):
            with self.subTest(new):
                self.rewrite("SELECT", rb"\[HIGHESTMODSEQ \d+", new, (0,), ("modern",))

    def test_exists_that_lies(self):
        for new in (b"* 0 EXISTS", b"* 1 EXISTS", b"* 4294967295 EXISTS", b"* -1 EXISTS", b"* X"):
            with self.subTest(new):
                self.rewrite("SELECT", rb"\* \d+ EXISTS", new, (0, 1, 5))

    def test_status_that_lies(self):
        for old, new in ((rb"UIDVALIDITY \d+", b"UIDVALIDITY 4294967296"), (rb"UIDNEXT \d+", b"UIDNEXT NIL"),
                         (rb"MESSAGES \d+", b"MESSAGES 99999999999999999999"),
                         (rb"\(UIDVALIDITY.*\)", b"()"), (rb"\(UIDVALIDITY.*\)", b"NIL")):
            for verb in ("LIST", "STATUS"):
                with self.subTest(f"{new} {verb}"):
                    self.rewrite(verb, old, new, ANY + (2,))

    def test_uids_that_cannot_be(self):
        for new in (b"UID 0 ", b"UID 4294967296 ", b"UID -3 ", b"UID NIL ", b"UID 3 UID 3 "):
            with self.subTest(new):
                self.rewrite("FETCH", rb"UID 3 ", new, ANY)

    def test_a_message_that_is_listed_twice(self):
        twice = lambda line: re.sub(rb"(\* \d+ FETCH \(UID \d+ FLAGS \([^)]*\)\)\r\n)", rb"\1\1", line)
        self.play(lambda: Rewrite("FETCH", twice))

    def test_a_text_that_comes_twice(self):
        twice = lambda line: re.sub(
            rb"(?s)^(\* \d+ FETCH .*BODY\[\].*\)\r\n)(A\d+ OK)", rb"\1\1\2", line)
        self.play(lambda: Rewrite("FETCH", twice))

    def test_uids_in_any_order(self):
        def backwards(line):
            lines = line.split(b"\r\n")
            return b"\r\n".join(lines[-3::-1] + lines[-2:]) if b"BODY" not in line else line
        self.play(lambda: Rewrite("FETCH", backwards))

    def test_new_ids_that_cannot_be(self):
        for new in (b"[APPENDUID 100 1:4294967295]", b"[APPENDUID 100 4294967295:1]",
                    b"[APPENDUID 100 7]", b"[APPENDUID 100 7,6]", b"[APPENDUID 100 0]",
                    b"[APPENDUID 99 6:7]", b"[APPENDUID 100 %d]" % HUGE, b"[APPENDUID]",
                    b"[APPENDUID 100 ]", b"[APPENDUID 100 6:7,6:7]", b"[APPENDUID 100 x]"):
            with self.subTest(new):
                self.rewrite("APPEND", rb"\[APPENDUID \d+ [\d:,]+\]", new, (0, 1), ("modern",))

    def test_everything_vanished(self):
        """Where the server says that there is a UIDNEXT far above, the folder is listed instead."""
        for vanished in (b"* VANISHED (EARLIER) 1:4294967295\r\n",
                         b"* VANISHED (EARLIER) 4294967295:1\r\n"):
            class Emptied(Inject):
                def answer(self, connection, command, untagged, tagged):
                    whole = super().answer(connection, command, untagged, tagged)
                    return re.sub(rb"\[UIDNEXT \d+", b"[UIDNEXT 4294967295", whole)
            self.play(lambda v=vanished: Emptied(v, "before", "UID FETCH", 1, False), (0,),
                      ("modern",))


    def test_messages_that_vanished_and_are_there(self):
        """The server's own listing counts, in the smallest folder as well."""
        for where, vanished in (("before", b"* VANISHED (EARLIER) 3:4\r\n"),
                                ("before", b"* VANISHED 3:4\r\n"),
                                ("between", b"* VANISHED (EARLIER) 3:4\r\n"),
                                ("between", b"* VANISHED 3:4\r\n"),
                                ("between", b"* 3 EXPUNGE\r\n* 3 EXPUNGE\r\n")):
            with self.subTest(f"{where} {vanished}"):
                self.play(lambda: Inject(vanished, where, "UID FETCH", 1, False), honest=True)

    def test_a_search_that_leaves_messages_out(self):
        fewer = lambda line: re.sub(rb"(ALL|SEARCH) [\d:, ]+", rb"\1 2", line)
        self.play(lambda: Rewrite("SEARCH", fewer), (0, 1))


class Silence(HostileTest):
    """Ends within its deadlines: 5 where nothing more could be done, 1 where folders were left, 0
    where all was done all the same (LOGOUT; APPEND, of which the next pass sees that it came; EXPUNGE,
    of which the next attempt does)."""

    def silent_at(self, verb, keep):
        """Says the first bytes of an answer (-1: all but the tagged line), then nothing, and keeps
        the connection open."""
        class Silent(Mischief):
            def greeting(self, connection, line):
                return line[:max(keep, 0)] if verb == "greeting" else line

            def answer(self, connection, command, untagged, tagged):
                whole = b"".join(untagged) + tagged
                if command.verb != verb:
                    return whole
                return b"".join(untagged) if keep < 0 else whole[:keep]
        return Silent

    def test_at_any_moment(self):
        cases = [(kind, verb, keep) for kind, verbs in VERBS.items() for verb in verbs
                 for keep in (0, 10, -1)]
        self.check_all(cases, self.check)

    def check(self, case):
        kind, verb, keep = case
        done = verb in ("LOGOUT", "APPEND", "EXPUNGE") or case == ("modern", "UID STORE", 10)
        return self.play_apart(kind, self.silent_at(verb, keep)(), (0,) if done else (1, 5),
                               honest=True, **IMPATIENT)

    def test_before_a_word_was_said(self):
        """A listener that nobody serves, without TLS and with it."""
        for remote in (PLAIN, "ssl = yes", "ssl = no"):
            with self.subTest(remote), socket.create_server(("127.0.0.1", 0)) as listener:
                scene = self.scene()
                scene.server.port = listener.getsockname()[1]
                scene.configure(remote=remote)
                run = Run(scene.account)
                self.assertFalse(wrong := run.wrong((5,)), wrong)
                self.assertLess(run.seconds, 15)

    def test_in_the_middle_of_a_text(self):
        self.play(self.silent_at("UID FETCH", 120), (1, 5))

    def test_an_invitation_that_never_comes(self):
        class Uninviting(Mischief):
            def invitation(self, connection, command):
                return b""
        self.play(Uninviting, (1,), ("bare",), **IMPATIENT)

    def test_chatter_without_an_answer(self):
        class Chatting(Mischief):
            def answer(self, connection, command, untagged, tagged):
                if command.verb != "LIST":
                    return b"".join(untagged) + tagged
                while True:  # until the client has had enough
                    connection.send(b"* OK still here\r\n")
                    time.sleep(0.3)
        self.play(Chatting, (5,), ("modern",))


class Continuations(HostileTest):
    def test_more_than_one_invitation(self):
        class Eager(Mischief):
            def invitation(self, connection, command):
                return b"+ go on\r\n+ go on\r\n+ and on\r\n"
        self.play(Eager, (0, 1, 5), ("bare",))

    def test_a_refusal_in_the_place_of_an_invitation(self):
        class Refusing(Mischief):
            def invitation(self, connection, command):
                return command.tag + b" NO [OVERQUOTA] full\r\n"

            def answer(self, connection, command, untagged, tagged):
                raise Close
        self.play(Refusing, (1, 5), ("bare",))


class Names(HostileTest):
    NAMES = (b'"../../escape"', b'"/etc/escape"', b'"a/../../../escape"', b'".."', b'"."', b'""',
             b"NIL", b'"a\x00b"', b'"a\nb"', b'"a\rb"', b"{5}\r\na\r\nb ", b'"\xff\xfe\x80"',
             b'"' + b"x" * 5000 + b'"', b"{65536}\r\n" + b"y" * 65536, b'"cur"', b'"new"', b'"tmp"',
             b'"INBOX/cur"', b'"//"', b'"a//b"', b'"/"', b'"\x1b[31mred"', b'"~"', b'"&"', b'"&AAA-"',
             b'"&AC8-etc"', b'"&AC4ALg-"', b'"con:"', b'"%s%n"')

    def test_that_climb_or_cannot_be(self):
        for name in self.NAMES:
            with self.subTest(name[:30]):
                line = b"* LIST () \"/\" " + name + b"\r\n"
                # A folder that was made here, and cannot be there, stays wrong.
                self.play(lambda line=line: Inject(line, "before", "LIST", 1, False), ANY,
                          healed=(0, 1))

    def test_of_a_megabyte(self):
        line = b"* LIST () \"/\" \"" + b"z" * 1_000_000 + b"\"\r\n"
        self.play(lambda: Inject(line, "before", "LIST", 1, False), ANY)

    def test_that_are_the_same_here(self):
        line = b'* LIST () "/" "Work."\r\n* LIST () "/" "work"\r\n* LIST () "/" inbox\r\n'
        self.play(lambda: Inject(line, "before", "LIST", 1, False), ANY)

    def test_with_separators_that_make_no_sense(self):
        for separator in (b'""', b"NIL", b'"//"', b'"\\\\"', b'"\x00"', b"{1}\r\n/", b'"I"', b'"."'):
            with self.subTest(separator):
                self.play(lambda s=separator: Rewrite(
                    "LIST", lambda line: line.replace(b'"/"', s)), ANY)

    def test_of_more_folders_than_there_can_be(self):
        lines = b"".join(b'* LIST (\\Noselect) "/" "f%d"\r\n' % n for n in range(100_001))
        self.play(lambda: Inject(lines, "before", "LIST", 1, False), (1,), ("modern",))

    def test_none_at_all(self):
        """Everything is gone on the server: nothing is deleted here."""
        self.play(lambda: Rewrite("LIST", lambda line: line[line.rindex(b"A"):]), (6,))


class Goodbye(HostileTest):
    def test_at_any_moment_and_the_run_goes_on(self):
        for verb in VERBS["modern"][1:-1]:
            for bye in (b"* BYE enough\r\n", b"* BYE [UNAVAILABLE] later\r\n", b""):
                with self.subTest(f"{verb} {bye}"):
                    self.play(lambda verb=verb, bye=bye: Inject(
                        bye, "instead", verb, then_close=True), (0,), ("modern",))

    def test_too_many_connections_for_a_while(self):
        for refusal in (b"* BYE Too many connections\r\n", b"* BYE [UNAVAILABLE] later\r\n"):
            with self.subTest(refusal):
                self.play(lambda refusal=refusal: Inject(
                    refusal, "instead", "greeting", then_close=True), (0,), ("modern",))

    def test_too_many_connections_at_sign_in(self):
        class Crowded(Mischief):
            refused = 0

            def answer(self, connection, command, untagged, tagged):
                if command.verb != "LOGIN" or self.refused:
                    return b"".join(untagged) + tagged
                self.refused = 1
                return command.tag + b" NO [LIMIT] Maximum number of connections exceeded\r\n"
        self.play(Crowded, (0,), ("modern",))

    def test_one_connection_where_four_are_set(self):
        class Narrow(Mischief):
            def __init__(self):
                self.inside = set()

            def greeting(self, connection, line):
                alive = [c for c in self.inside if c.lines and not c.lines.closed]
                if alive:
                    connection.send(b"* BYE Too many connections\r\n")
                    raise Close
                self.inside = {connection}
                return line
        remote = "ssl = no\nstarttls = no\nmaxconnections = 4"
        self.play(Narrow, (0,), remote=remote)

    def test_throttled(self):
        class Throttling(Mischief):
            refused = 0

            def answer(self, connection, command, untagged, tagged):
                if command.verb == "SELECT" and not self.refused:
                    self.refused = 1
                    return command.tag + b" NO [THROTTLED] slowly\r\n"
                return b"".join(untagged) + tagged
        self.play(Throttling, (0,))


if __name__ == "__main__":
    unittest.main(verbosity=1)
