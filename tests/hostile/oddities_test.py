# SPDX-License-Identifier: Apache-2.0
"""Servers that say what they should in another form or order than all others, that do half of what
they were asked for, or give numbers that cannot be: nothing is lost, doubled, or taken for another."""
import re
import threading
import unittest

from ground import BARE, MODERN, Run  # which says where the next one lies
from account import text
from hostile_test import ANY, VERBS, HostileTest
from moments import Inject
from odd_server import Close, Mischief

NAMES_THINGS = ("LIST", "LSUB", "STATUS", "UID SEARCH")


class Written(Mischief):
    """Each answer in another form; `change(verb, bytes)`."""

    def __init__(self, change):
        self.change = change

    def greeting(self, connection, line):
        return self.change("greeting", line)

    def answer(self, connection, command, untagged, tagged):
        return self.change(command.verb, b"".join(untagged) + tagged)


def in_lower_case(_, answer):
    answer = re.sub(rb"(?m)^((?:\*|A\d+) OK \[)([A-Z-]+)", lambda m: m[1] + m[2].lower(), answer)
    answer = re.sub(rb"(?m)^(A\d+ )(OK|NO|BAD)\b", lambda m: m[1] + m[2].lower(), answer)
    answer = re.sub(rb"(?m)^(\* (?:\d+ )?)([A-Z]+)", lambda m: m[1] + m[2].lower(), answer)
    return re.sub(rb"\b(UID|FLAGS|INTERNALDATE|BODY|MODSEQ|ALL|TAG|EARLIER|UIDVALIDITY|UIDNEXT|MESSAGES|"
                  rb"HIGHESTMODSEQ|NIL|IMAP4rev1|ENABLE|CONDSTORE|QRESYNC|UIDPLUS|LITERAL)\b",
                  lambda m: m[1].lower(), answer)


class Forms(HostileTest):
    def written(self, change, codes=(0,)):
        self.play(lambda: Written(change), codes, honest=codes == (0,))

    def test_in_lower_case(self):
        self.written(in_lower_case)

    def test_with_bare_line_ends(self):
        self.written(lambda verb, answer: answer.replace(b"\r\n", b"\n") if verb != "UID FETCH" else answer)

    def test_with_blanks_where_none_belong(self):
        self.written(lambda verb, answer: answer if b"BODY" in answer else re.sub(
            rb"(?m)^\* (.*?)\r$", rb"*  \1 \r", answer))

    def test_with_empty_lines_between(self):
        self.written(lambda verb, answer: re.sub(rb"(?m)^\* ", b"\r\n\r\n* ", answer))

    def test_with_names_and_tags_in_literals(self):
        self.written(lambda verb, answer: re.sub(
            rb'"([A-Za-z]\w*)"', lambda m: b"{%d}\r\n%s" % (len(m[1]), m[1]), answer)
            if verb in NAMES_THINGS else answer)

    def test_with_flags_that_are_no_atoms(self):
        odd = rb'FLAGS ({4}\r\nwo\nk "in quotes" \xff\xfe [x] a]b %s {3} \\ '
        self.written(lambda verb, answer: re.sub(rb"FLAGS \(", lambda _: odd, answer)
                     if verb == "UID FETCH" else answer, ANY)

    def test_with_numbers_beyond_all_limits(self):
        for number in (2 ** 63, 2 ** 64 - 1, 2 ** 64, 10 ** 40):
            with self.subTest(number):
                self.written(lambda verb, answer, n=number: re.sub(
                    rb"MODSEQ \(\d+\)", b"MODSEQ (%d)" % n, answer), ANY)


class Order(HostileTest):
    def test_data_behind_the_answer_that_ends_it(self):
        class Late(Mischief):
            def __init__(self, verb):
                self.verb = verb

            def answer(self, connection, command, untagged, tagged):
                late = self.verb in (command.verb, "all")
                return tagged + b"".join(untagged) if late else b"".join(untagged) + tagged

        def check(case):
            kind, verb = case
            return self.play_apart(kind, Late(verb), ANY)
        self.check_all([(kind, verb) for kind, verbs in VERBS.items() for verb in (*verbs[2:-1], "all")],
                       check)

    def test_capabilities_that_go_while_it_works(self):
        for verb in VERBS["modern"][3:-1]:
            with self.subTest(verb):
                self.play(lambda verb=verb: Inject(
                    f"* CAPABILITY {BARE}\r\n".encode(), "before", verb, 1, False), (0,), ("modern",))

    def test_capabilities_that_come_while_it_works(self):
        """It cannot any of it."""
        class Boasting(Inject):
            def refusal(self, connection, command):
                can = command.verb in VERBS["bare"] or command.verb == "NOOP"
                return None if can and b"RETURN" not in command.rest else b"BAD what is that"
        for verb in VERBS["bare"][3:-1]:
            with self.subTest(verb):
                self.play(lambda verb=verb: Boasting(
                    f"* CAPABILITY {MODERN}\r\n".encode(), "before", verb, 1, False), ANY, ("bare",))

    def test_a_goodbye_in_the_middle_of_a_text(self):
        class Breaking(Mischief):
            happened = False

            def answer(self, connection, command, untagged, tagged):
                whole = b"".join(untagged) + tagged
                if self.happened or b"BODY[] {" not in whole:
                    return whole
                self.happened = True
                connection.send(whole[:whole.index(b"BODY[] {") + 50] + b"* BYE [UNAVAILABLE] later\r\n")
                raise Close
        self.play(Breaking, (0,), honest=True)

    def test_a_server_that_does_not_listen_to_what_it_asked_for(self):
        class Deaf(Mischief):
            over = threading.Event()

            def invitation(self, connection, command):
                connection.send(b"+ go on\r\n")
                self.over.wait(30)
                raise Close
        scene = self.scene("bare")
        with scene.server:
            scene.configure()
            scene.account.deliver("INBOX", text("large", ("x" * 70 + "\r\n") * 230_000), "99.a.host")
            scene.server.mischief = Deaf()
            run = Run(scene.account)
            Deaf.over.set()
        self.assertFalse(run.wrong((1, 5)), run.output)
        self.assertFalse(wrong := scene.heal("", (0,)), wrong)


class Moved(HostileTest):
    """Two messages that were carried from INBOX to Work here."""

    def carry(self, mischief):
        scene = self.scene()
        with scene.server:
            scene.configure()
            run = Run(scene.account)
            self.assertEqual(run.code, 0, run.output)
            everything = self.everything(scene.remote())
            for uid in (3, 4):
                scene.carry_to_work(uid)
            scene.server.mischief = mischief
            run = Run(scene.account)
            self.assertFalse(run.wrong(ANY), run.output)
            self.assertGreater(mischief.happened, 0)
            scene.server.mischief = Mischief()
            for _ in range(3):
                run = Run(scene.account)
            self.assertEqual((run.code, run.output), (0, ""))
        self.assertEqual(scene.local(), scene.remote())
        self.assertEqual(self.everything(scene.remote()), everything)
        self.assertEqual([len(box.mails) for box in scene.server.boxes.values()], [4, 5])

    def everything(self, side):
        return sorted(message for mail in side.values() for message in mail.elements())

    def test_by_halves(self):
        """The server moves the first of them alone, whatever it says of it."""
        class Half(Mischief):
            def __init__(self, said):
                self.said, self.happened = said, 0

            def refusal(self, connection, command):
                if command.verb != "UID MOVE":
                    return None
                which, _, name = command.rest.partition(b" ")
                command.rest = b"%d %s" % (connection.uids(which)[0], name)
                connection.do(command)
                self.happened += 1
                return self.said
        for said in (b"NO no more", b"BAD what", b"OK done", b"NO [LIMIT] too many", b"NO [OVERQUOTA] full",
                     b"OK [COPYUID 100 3:4 5] done",
                     b"NO [COPYUID 100 3 5] no more"):
            with self.subTest(said):
                self.carry(Half(said))

    def test_to_places_that_cannot_be(self):
        class Placed(Mischief):
            def __init__(self, code):
                self.code, self.happened = code, 0

            def answer(self, connection, command, untagged, tagged):
                whole = b"".join(untagged) + tagged
                self.happened += command.verb == "UID MOVE"
                return re.sub(rb"\[COPYUID [^]]*\]", self.code, whole)
        for code in (b"[COPYUID 100 3:4 5]", b"[COPYUID 100 3:4 5,5]", b"[COPYUID 100 3:4 1:2]",
                     b"[COPYUID 100 3 6]", b"[COPYUID 100 3:4 4294967294:4294967295]",
                     b"[COPYUID 100 3,3 5:6]", b"[COPYUID 99 3:4 5:6]", b"[COPYUID 100 1:4294967295 1:4294967295]",
                     b"[COPYUID 100]", b"[COPYUID 100 x y]", b"[X]"):
            with self.subTest(code):
                self.carry(Placed(code))


class Uploaded(HostileTest):
    def test_to_places_where_other_messages_are(self):
        """They would stand for those, and be taken for them when they are removed."""
        for new in (b"2:3", b"3:4", b"4:5", b"5:6", b"2", b"7:6", b"6,6", b"7,6"):
            with self.subTest(new):
                class Placed(Mischief):
                    def answer(self, connection, command, untagged, tagged, new=new):
                        return b"".join(untagged) + re.sub(
                            rb"\[APPENDUID 100 [^]]*\]", b"[APPENDUID 100 %s]" % new, tagged)
                self.play(Placed, (0,), ("modern",), honest=True)


class Forgetful(HostileTest):
    def test_mod_sequences_that_begin_again(self):
        """Where an index was lost and made anew: what changes is told under numbers that were before."""
        for capabilities in ("modern", "condstore"):
            with self.subTest(capabilities):
                scene = self.scene()
                if capabilities == "condstore":
                    scene.server.capabilities = MODERN.replace("QRESYNC ", "")
                with scene.server:
                    scene.configure()
                    for _ in range(2):
                        run = Run(scene.account)
                        self.assertEqual(run.code, 0, run.output)
                    box = scene.server.boxes["INBOX"]
                    box.mod_seq, box.gone = 1, {}
                    for mail in box.mails.values():
                        mail.mod_seq = 1
                    box.change(3, ["\\Draft"])
                    for _ in range(2):
                        run = Run(scene.account)
                        self.assertEqual((run.code, run.output), (0, ""))
                        self.assertEqual(scene.local(), scene.remote())

    def test_folders_of_which_it_does_not_say_what_they_hold(self):
        """OK to everything, and not a word: nothing is deleted here."""
        class Mute(Mischief):
            def answer(self, connection, command, untagged, tagged):
                if command.verb in ("UID FETCH", "UID SEARCH"):
                    return tagged
                return b"".join(line for line in untagged if b"EXISTS" not in line) + tagged
        for kind in VERBS:
            with self.subTest(kind):
                scene = self.scene(kind)
                scene.server.mischief = Mute()
                with scene.server:
                    scene.configure()
                    before = scene.local()
                    run = Run(scene.account)
                self.assertFalse(run.wrong((1,)), run.output)
                self.assertEqual(scene.local(), before)
                self.assertFalse(wrong := scene.heal("", (0,)), wrong)


if __name__ == "__main__":
    unittest.main(verbosity=1)
