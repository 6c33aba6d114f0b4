# SPDX-License-Identifier: Apache-2.0
"""Servers that are well, and unlike most: odd names and separators, numbers at their limits, texts
that have to be announced; and extensions that the user does not want, of which nothing may be sent."""
import concurrent.futures
import re
import signal
import subprocess
import tempfile
import time
import unittest

from ground import AT_ONCE, MODERN, PLAIN, PROGRAM, Run, Scene  # which says where the next one lies
from account import text
from hostile_test import HostileTest
from odd_server import Box, Mischief
from proxies import Socks4a

NAMES = ["~", "~root", "a.b", ".hidden", "a^b", "a/b", "&-", "&- &-", 'quo"te', "'", "sl\\ash", "br[ack]et",
         "par(en)", "{3}", " blank ", "in  side", "st*r", "p%c", "semi;colon:", "-dash", "tab&AAk-",
         "&APwA9gDk-", "&2D3eAA-", "&2D3eAA- &ZeVnLIqe-", "x" * 200, "inbox2", "Trash"]


class OnTheOddServer(HostileTest):
    def fresh(self, capabilities=MODERN, **settings):
        directory = tempfile.TemporaryDirectory(prefix="offlineimap-extreme-")
        self.addCleanup(directory.cleanup)
        return Scene(directory.name, capabilities, **settings)

    def assert_synced(self, scene, *arguments, **settings):
        with scene.server:
            scene.configure(**settings)
            run = Run(scene.account, *arguments)
        self.assertEqual((run.code, run.output), (0, ""))


class FolderNames(OnTheOddServer):
    """Both ways, and once more for nothing."""

    def round_trips(self, separator, local_separator, names, **settings):
        scene = self.fresh(local=f"sep = {local_separator}", **settings)
        server = scene.server
        server.separator = separator
        for number, name in enumerate(names):
            server.boxes[name] = Box()
            server.boxes[name].add(text(f"down {number}"))
        self.assert_synced(scene)
        account = scene.account

        def box(name):
            return account.mail / (name.replace(separator, local_separator) if separator else name)
        account.box = box
        for number, name in enumerate(names):
            self.assertEqual(len(account.files(name)), 1, name)
            account.deliver(name, text(f"up {number}"), "1.up.host")
            account.deliver(f"L {name}", text(f"made here {number}"), "2.up.host")
        for _ in range(2):
            self.assert_synced(scene)
            for name in names:
                self.assertEqual(len(server.boxes[name].mails), 2, name)
                self.assertEqual(len(server.boxes[f"L {name}"].mails), 1, name)
        self.assertEqual(len(server.boxes), 2 + 2 * len(names))

    def test_of_every_kind_with_every_separator(self):
        for separator in ("/", ".", "^", ""):
            for local_separator in ("/", "."):
                with self.subTest(f"{separator} {local_separator}"):
                    apart = {separator, local_separator, "/"} - {""}
                    names = [n for n in NAMES if not any(c in n for c in apart)]
                    if separator:
                        names += [separator.join(("Deep", "Er", "Est")), separator.join(("~", "&-", "[]"))]
                    self.round_trips(separator, local_separator, names)

    def test_in_utf8_where_the_user_wants_it(self):
        scene = self.fresh(remote=f"{PLAIN}\nutf8foldernames = yes", local="sep = /")
        names = {"größe": "gr&APYA3w-e", "😀 new": "&2D3eAA- new", "a & b": "a &- b", "日本": "&ZeVnLA-"}
        for wire in list(names.values())[:2]:
            scene.server.boxes[wire] = Box()
            scene.server.boxes[wire].add(text("down"))
        self.assert_synced(scene)
        account = scene.account
        account.box = lambda name: account.mail / name
        for name in names:
            account.deliver(name, text("up"), "1.up.host")
        self.assert_synced(scene)
        self.assert_synced(scene)
        self.assertEqual({name: len(scene.server.boxes[name].mails) for name in names.values()},
                         dict(zip(names.values(), (2, 2, 1, 1))))

    def test_a_separator_that_comes_and_goes(self):
        """No message is carried again, whatever stands between the levels of its folder's name."""
        scene = self.fresh(local="sep = /")
        scene.server.boxes["Flat"] = Box()
        scene.server.boxes["Flat"].add(text("one"))
        for separator in ("/", ".", "^", "", "/"):
            scene.server.separator = separator
            before = scene.server.bytes_heard
            self.assert_synced(scene)
            self.assertEqual(len(scene.server.boxes["Flat"].mails), 1)
            self.assertLess(scene.server.bytes_heard - before, 4000)
        self.assertEqual(list(scene.server.boxes), ["INBOX", "Work", "Flat"])


class Limits(OnTheOddServer):
    def test_the_highest_numbers_there_can_be(self):
        for capabilities in (MODERN, MODERN.replace("QRESYNC ", ""), "IMAP4rev1 UIDPLUS"):
            with self.subTest(capabilities):
                scene = self.fresh(capabilities)
                box = Box(validity=2 ** 32 - 1, next=2 ** 32 - 8, mod_seq=2 ** 63 - 20)
                scene.server.boxes = {"INBOX": box, "Work": Box(validity=1)}
                for number in range(4):
                    box.add(text(f"down {number}"))
                self.assert_synced(scene)
                uids = sorted(scene.files_by_uid("INBOX"))
                self.assertEqual(uids, [2 ** 32 - 8 + n for n in range(4)])
                box.change(uids[0], ["\\Flagged"])
                box.remove(uids[1])
                scene.account.mark(scene.files_by_uid("INBOX")[uids[2]], "RS")
                scene.files_by_uid("INBOX")[uids[3]].unlink()
                for number in range(2):
                    scene.account.deliver("INBOX", text(f"up {number}"), f"{number}.up.host")
                box.add(text("down last"))
                for _ in range(2):
                    self.assert_synced(scene)
                    self.assertEqual(scene.local(), scene.remote())
                self.assertEqual(sorted(scene.files_by_uid("INBOX")),
                                 [uids[0], uids[2], 2 ** 32 - 4, 2 ** 32 - 3, 2 ** 32 - 2])
                self.assertEqual(box.next, 2 ** 32 - 1)


class Announced(OnTheOddServer):
    """8 bits in a header: RFC 6855 section 4 wants `UTF8 (~{...}`, RFC 9755 does not know it."""

    class Strict(Mischief):
        """`wants`: the announcement, or none; refuses the other."""

        def __init__(self, wants, why):
            self.wants, self.why, self.refused = wants, why, 0

        def refusal(self, connection, command):
            if command.verb != "APPEND":
                return None
            says = b"UTF8 (~" in command.rest
            odd = any(byte >= 0x80 for raw in command.texts for byte in raw.partition(b"\r\n\r\n")[0])
            if odd and says != self.wants or says and not odd:
                self.refused += 1
                return self.why
            return None

    def test_literals_of_each_size_as_the_server_takes_them(self):
        """RFC 7888: with LITERAL- 4096 bytes go without waiting, and not one more."""
        sizes = (4095, 4096, 4097, 300_000)
        for grouped in ("MULTIAPPEND ", ""):
            for literals, without in (("LITERAL+ ", sizes), ("LITERAL- ", sizes[:2]), ("", ())):
                with self.subTest(f"{literals}{grouped}"):
                    scene = self.fresh(MODERN.replace("LITERAL+ ", literals).replace(
                        "MULTIAPPEND ", grouped))
                    self.assert_synced(scene)
                    for size in sizes:
                        scene.account.deliver("INBOX", text("x", "y" * 9000 * 40)[:size], f"{size}.up.host")
                    self.assert_synced(scene)
                    self.assertEqual(scene.local(), scene.remote())
                    self.assertEqual(set(scene.server.announced), {
                        "{%d%s}" % (size, "+" if size in without else "") for size in sizes})

    def test_messages_of_any_size_reach_servers_of_both_kinds(self):
        small = "Subject: größe\r\n\r\nhello\r\n".encode()
        large = small + b"y" * 70 * 6000 + b"\r\n"
        plain = text("plain", "größe")
        for wants in (True, False):
            for why in (b"BAD what is that", b"NO not this way"):
                for literals in ("LITERAL+ ", "", "LITERAL- "):
                    with self.subTest(f"{wants} {why} {literals}"):
                        scene = self.fresh(f"{MODERN} UTF8=ACCEPT".replace("LITERAL+ ", literals))
                        self.assert_synced(scene)
                        for number, raw in enumerate((small, large, plain, small + b"2", large + b"2")):
                            scene.account.deliver("INBOX", raw, f"{number}.up.host")
                        scene.server.mischief = mischief = self.Strict(wants, why)
                        self.assert_synced(scene)
                        self.assertEqual(len(scene.server.boxes["INBOX"].mails), 9)
                        self.assertEqual(scene.local(), scene.remote())
                        self.assertEqual(mischief.refused > 0, not wants)


class Unwanted(OnTheOddServer):
    """disable_extensions: nothing is sent that belongs to what the user does not want."""

    ALL = (f"{MODERN} UTF8=ACCEPT UIDONLY OBJECTID APPENDLIMIT STATUS=SIZE BINARY COMPRESS=DEFLATE NOTIFY "
           "LITERAL-")
    # What is sent of each with all of them there. (SEARCHRES is the session's alone: unit tests.)
    WORDS = {
        "CONDSTORE": r"CHANGEDSINCE|HIGHESTMODSEQ|ENABLE.* (CONDSTORE|QRESYNC)",
        "QRESYNC": r"VANISHED|ENABLE.* QRESYNC", "ENABLE": r"^ENABLE",
        "ESEARCH": r"^UID SEARCH RETURN",
        "LIST-EXTENDED": r"^LIST .*RETURN", "LIST-STATUS": r"^LIST .*STATUS",
        "SPECIAL-USE": r"^LIST .*SPECIAL-USE", "NAMESPACE": r"^NAMESPACE", "LITERAL+": r"\{\d+\+\}",
        "MULTIAPPEND": r"^APPEND .*literal.*literal", "UIDPLUS": r"^UID EXPUNGE", "MOVE": r"^UID MOVE",
        "UNSELECT": r"^UNSELECT", "ID": r"^ID ", "IDLE": r"^IDLE", "NOTIFY": r"^NOTIFY",
        "COMPRESS=DEFLATE": r"^COMPRESS", "UTF8=ACCEPT": r"UTF8", "OBJECTID": r"MAILBOXID",
        "APPENDLIMIT": r"APPENDLIMIT", "BINARY": r'(?<!UTF8 \()~"literal"', "UIDONLY": r"ENABLE.* UIDONLY"}
    # Without this as well, which would be used before it, or in its place.
    BESIDES = {"IDLE": ["NOTIFY"], "LITERAL+": ["LITERAL-"]}

    class Lines(Mischief):
        """What was heard, literals marked; a line that may go compressed does not."""

        def refusal(self, connection, command):
            return b"NO not here" if command.verb == "COMPRESS" else None

    def heard(self, disabled, capabilities=ALL):
        """All that is said in two runs and while waiting for more."""
        with Socks4a() as proxy:  # a line that is not this machine's own
            remote = (f"{PLAIN}\nusenamespace = yes\nidlefolders = ['INBOX']\n"
                      f"proxy = SOCKS4A:127.0.0.1:{proxy.port}\n"
                      f"disable_extensions = {', '.join(disabled)}")
            scene = self.fresh(capabilities, remote=remote)
            scene.server.mischief = self.Lines()
            with scene.server:
                self.run_ok(scene)
                self.change_everything(scene)
                self.run_ok(scene)
                scene.configure(account="autorefresh = 1")
                self.watch(scene)
        server = scene.server
        return [f"{c.verb} {c.rest.decode(errors='replace')}" for c in server.heard] + server.announced

    def heard_each(self, cases):
        """Side by side: most of it is waiting."""
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda case: self.heard(*case), cases))

    def change_everything(self, scene):
        inbox = scene.server.boxes["INBOX"]
        inbox.change(2, ["\\Flagged"])
        inbox.add(text("later"))
        for number, raw in enumerate((text("a"), text("b"), "Subject: größe\r\n\r\nx\r\n".encode(),
                                      text("nul", "\0"))):
            scene.account.deliver("INBOX", raw, f"{number}.up.host")
        scene.files_by_uid("Work")[2].unlink()
        scene.carry_to_work(3)

    def run_ok(self, scene):
        scene.configure()
        run = Run(scene.account)
        self.assertEqual(run.code, 0, run.output)

    def watch(self, scene):
        """A daemon, until it has come to rest."""
        begun, server = len(scene.server.heard), scene.server
        daemon = subprocess.Popen([PROGRAM, "-c", str(scene.account.rc)], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            before, end = -1, time.monotonic() + 30
            while time.monotonic() < end and (before != len(server.heard) or before == begun):
                before = len(server.heard)
                time.sleep(1)
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(30)

    def said(self, lines, extension):
        return [line for line in lines if re.search(self.WORDS[extension], line)]

    def test_all_of_them_are_used(self):
        """Else what follows proves nothing."""
        lines, without_notify = self.heard_each([([],), (["NOTIFY"],)])
        for extension in self.WORDS:
            there = self.said(without_notify if extension == "IDLE" else lines, extension)
            self.assertTrue(there, f"{extension}: {lines}")

    def test_none_of_it_is_sent_of_one_that_is_switched_off(self):
        short = {"COMPRESS": "COMPRESS=DEFLATE", "UTF8": "UTF8=ACCEPT"}
        names = [*self.WORDS, *short]
        off = [([name.lower(), *self.BESIDES.get(name, [])],) for name in names]
        for name, lines in zip(names, self.heard_each(off)):
            with self.subTest(name):
                self.assertEqual(self.said(lines, short.get(name, name)), [])
                self.assertTrue(self.said(lines, "ESEARCH" if name == "ID" else "ID"))

    def test_nor_of_what_imap4rev2_brings_along(self):
        used = ["ESEARCH", "LIST-STATUS", "UIDPLUS", "MOVE", "ENABLE", "UNSELECT"]
        rev2 = "IMAP4rev2 QRESYNC NOTIFY"
        cases = [[], ["IMAP4rev2"], *([name] for name in used)]
        all_of_them, none, *others = self.heard_each([(off, rev2) for off in cases])
        for name, lines in zip(used, others):
            with self.subTest(name):
                self.assertTrue(self.said(all_of_them, name))
                self.assertEqual(self.said(none, name) + self.said(lines, name), [])


if __name__ == "__main__":
    unittest.main(verbosity=1)
