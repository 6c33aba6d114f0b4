#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The windows of ui-tk on a display of their own, with a window manager. SCREENSHOTS is a directory
for pictures to be looked at."""
import collections
import contextlib
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess
import tempfile
import time
import unittest

from account import PLAIN, text
from interface import PROGRAM, InterfaceTest
from withheld_test import Parrot

TITLE = "^OfflineIMAP$"
PATIENCE = 120  # seconds; what works waits for none of them
TOOLS = ("Xvfb", "xdotool", "twm", "xwininfo")
# The window manager's own way to close a window.
TWMRC = """RandomPlacement
NoGrabServer
"F4" = : all : f.delete
"""


@unittest.skipUnless(all(map(shutil.which, TOOLS)), f"needs {', '.join(TOOLS)}")
class Displays(InterfaceTest):
    def setUp(self):
        self.open_display()

    def open_display(self):
        self.managed = False
        memory = tempfile.TemporaryDirectory(prefix="offlineimap-screen-")
        self.addCleanup(memory.cleanup)
        self.memory = pathlib.Path(memory.name, "Xvfb_screen0")
        read, write = os.pipe()
        self.screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1200x700x24", "-nolisten", "tcp",
             "-noreset", "-fbdir", memory.name], pass_fds=[write], stderr=subprocess.DEVNULL)
        self.addCleanup(self.screen.wait)
        self.addCleanup(self.screen.terminate)
        os.close(write)
        with open(read) as answer:
            self.display = ":" + answer.readline().strip()

    def manage_windows(self, account):
        if self.managed:
            return
        self.managed = True
        rc = account.directory / "twmrc"
        rc.write_text(TWMRC)
        # Its fonts are there in this locale alone.
        manager = subprocess.Popen(["twm", "-f", str(rc)], stderr=subprocess.DEVNULL,
                                   env={**self.environment(), "LC_ALL": "C"})
        self.addCleanup(manager.wait)
        self.addCleanup(manager.terminate)

    def environment(self):
        return {**os.environ, "DISPLAY": self.display}

    def run_here(self, account, *arguments):
        run = subprocess.Popen([PROGRAM, "-c", str(account.rc), *arguments], env=self.environment(),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
        self.addCleanup(run.kill)
        return run

    def xdotool(self, *words):
        return subprocess.run(["xdotool", *map(str, words)], env=self.environment(),
                              capture_output=True, text=True, timeout=PATIENCE).stdout

    def find(self, name):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := self.xdotool("search", "--onlyvisible", "--name", name).split():
                return found[-1]
            time.sleep(0.1)
        self.fail(f"no window {name}")

    def windows_within(self, window):
        """(x, y, width, height) on the screen of each window below this one that has a size."""
        tree = subprocess.run(["xwininfo", "-tree", "-id", window], env=self.environment(),
                              capture_output=True, text=True, timeout=PATIENCE).stdout
        found = re.findall(r"(\d+)x(\d+)\+-?\d+\+-?\d+  \+(-?\d+)\+(-?\d+)", tree)
        return [(int(x), int(y), int(w), int(h)) for w, h, x, y in found if int(w) > 1]

    def buttons(self, window, count):
        """Those of the last row, from the left; it needs a moment to be laid out."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            all_of_them = self.windows_within(window)
            lowest = max((y for _, y, _, _ in all_of_them), default=0)
            row = sorted(box for box in all_of_them
                         if box[1] >= lowest - 2 and box[2] < 260 and not self.holds_others(
                             box, all_of_them))
            if len(row) >= count:
                return row[:count]
            time.sleep(0.2)
        self.fail(f"{count} buttons were looked for in {all_of_them}")

    @staticmethod
    def holds_others(box, boxes):
        x, y, width, height = box
        return any(other != box and x <= other[0] and y <= other[1]
                   and other[0] + other[2] <= x + width and other[1] + other[3] <= y + height
                   for other in boxes)

    def click(self, box):
        x, y, width, height = box
        self.xdotool("mousemove", x + width // 2, y + height // 2)
        self.xdotool("click", 1)

    def pixels(self):
        """How often each colour, 0xRRGGBB, is on the screen now."""
        picture = self.memory.read_bytes()  # as xwd(1) writes it
        (size,), (colours,) = struct.unpack_from(">I", picture), struct.unpack_from(">I", picture, 76)
        order = "<" if struct.unpack_from(">I", picture, 28)[0] == 0 else ">"
        begin = size + 12 * colours
        words = struct.unpack_from(f"{order}{1200 * 700}I", picture, begin)
        return collections.Counter(word & 0xffffff for word in words)

    def has_ended_by(self, button, run):
        self.click(button)
        with contextlib.suppress(subprocess.TimeoutExpired):
            run.wait(2)
        return run.poll() is not None

    def picture(self, name):
        if directory := os.environ.get("SCREENSHOTS"):
            time.sleep(0.5)
            subprocess.run(["import", "-display", self.display, "-window", "root",
                            os.path.join(directory, name + ".png")], check=True)

    def wait_until(self, condition, what):
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                self.fail(what)
            time.sleep(0.1)

    def sleeping(self, ui, *arguments, **settings):
        """A run that has synchronised and waits for its next refresh."""
        account = self.filled(account="autorefresh = 5", **settings)
        self.manage_windows(account)
        run = self.run_here(account, "-u", ui, *arguments)
        window = self.find(TITLE)
        self.wait_until(lambda: account.mail.exists() and "INBOX" in account.local()
                        and account.local()["INBOX"].total() == 5, "it did not synchronise")
        time.sleep(1)
        return account, run, window

    def place_of(self, window):
        """Where it is and how wide, once the window manager has put a title bar on it."""
        found = []

        def is_framed():
            found[:] = map(int, re.findall(
                r"(?:X|Y|WIDTH)=(-?\d+)", self.xdotool("getwindowgeometry", "--shell", window)))
            return len(found) == 3 and found[1] > 0
        self.wait_until(is_framed, "no window manager")
        return found

    def close_by_key(self, window):
        x, y, _ = self.place_of(window)
        self.xdotool("mousemove", x + 20, y + 10)
        self.xdotool("key", "F4")

    def assert_stops(self, run):
        output = run.communicate(timeout=PATIENCE)
        self.assertEqual((run.returncode, *output), (0, "", ""))


class Silent:
    """A server that takes a connection and says nothing."""

    def __init__(self, test):
        listener = socket.create_server(("127.0.0.1", 0))
        test.addCleanup(listener.close)
        self.port = listener.getsockname()[1]


class Displayed(Displays):
    def test_both_synchronise_and_end(self):
        for ui in ("Tk.Blinkenlights", "Tk.VerboseUI", "Tk.TkUI"):
            with self.subTest(ui=ui):
                account = self.filled()
                run = self.run_here(account, "-o", "-u", ui)
                output = run.communicate(timeout=PATIENCE)
                self.assertEqual((run.returncode, *output), (0, "", ""))
                self.assertEqual(account.local()["INBOX"].total(), 5)

    def test_the_window_manager_closes_it(self):
        for ui in ("Tk.Blinkenlights", "Tk.VerboseUI"):
            with self.subTest(ui=ui):
                _, run, window = self.sleeping(ui)
                self.picture(f"{ui}-managed")
                self.close_by_key(window)
                self.assert_stops(run)

    def test_a_display_that_goes_away_stops_it(self):
        for ui in ("Tk.Blinkenlights", "Tk.VerboseUI"):
            with self.subTest(ui=ui):
                account, run, _ = self.sleeping(ui)
                self.screen.terminate()
                self.assert_stops(run)
                self.assertEqual(account.sync().returncode, 0)
                self.open_display()

    def test_a_display_that_goes_away_while_it_asks(self):
        for ui in ("Tk.Blinkenlights", "Tk.VerboseUI"):
            with self.subTest(ui=ui):
                account = self.filled()
                account.rc.write_text(account.rc.read_text().replace("remotepass = secret\n", ""))
                run = self.run_here(account, "-u", ui)
                self.find("OfflineIMAP asks")
                self.screen.terminate()
                output = run.communicate(timeout=PATIENCE)
                self.assertEqual(run.returncode, 4, output)
                self.open_display()

    def test_a_destroyed_one_stops_too(self):
        for ui in ("Tk.Blinkenlights", "Tk.VerboseUI"):
            with self.subTest(ui=ui):
                _, run, window = self.sleeping(ui)
                self.xdotool("windowclose", window)
                self.assert_stops(run)

    def test_closed_while_it_asks(self):
        account = self.account(Parrot("secret"), password="wrong")
        self.manage_windows(account)
        run = self.run_here(account, "-u", "Tk.Blinkenlights")
        self.find("OfflineIMAP asks")
        self.picture("asks-again")
        self.close_by_key(self.find(TITLE))
        output = run.communicate(timeout=PATIENCE)
        self.assertEqual(run.returncode, 4, output)

    def test_the_lights_and_their_log_have_the_colours_of_the_manual(self):
        _, run, window = self.sleeping(
            "Tk.Blinkenlights", remote=PLAIN + "\n[ui.Tk.Blinkenlights]\nloglines = 20")
        self.picture("colours")
        names = {"purple": 0xc040ff, "green": 0x00c000, "blue": 0x4060ff, "cyan": 0x00d0d0,
                 "orange": 0xff9000}
        shown = self.pixels()
        for name, colour in names.items():
            self.assertGreater(shown[colour], 3, name)
        reds = set()  # the main program's light is red and black in turn

        def has_flashed():
            reds.add(self.pixels()[0xff0000])
            return max(reds) - min(reds) > 100
        self.wait_until(has_flashed, "it does not flash")
        self.close_by_key(window)
        self.assert_stops(run)

    def test_every_button_of_the_lights(self):
        account, run, window = self.sleeping("Tk.Blinkenlights")
        sync, log, leave = self.buttons(window, 3)
        account.append("INBOX", text("later"))
        self.click(sync)
        self.wait_until(lambda: account.local()["INBOX"].total() == 6, "it did not synchronise")
        before = len(self.windows_within(window))
        height = max(h for _, _, _, h in self.windows_within(window))
        self.click(log)
        self.wait_until(
            lambda: max(h for _, _, _, h in self.windows_within(window)) < height, "no log toggled")
        self.picture("log-hidden")
        self.click(self.buttons(window, 3)[1])
        self.wait_until(lambda: len(self.windows_within(window)) == before, "no log again")
        self.picture("log-shown")
        self.click(self.buttons(window, 3)[2])
        self.assert_stops(run)

    def test_every_button_of_the_sections(self):
        account, run, window = self.sleeping("Tk.VerboseUI")
        sync, _ = self.buttons(window, 2)
        account.append("INBOX", text("later"))
        self.click(sync)
        self.wait_until(lambda: account.local()["INBOX"].total() == 6, "it did not synchronise")
        # The row moves while sections go.
        self.wait_until(lambda: self.has_ended_by(self.buttons(window, 2)[1], run), "no exit")
        self.assert_stops(run)

    def test_a_section_for_each_worker_says_what_it_does(self):
        account = self.account(Silent(self), general="socktimeout = 60")
        self.manage_windows(account)
        run = self.run_here(account, "-u", "Tk.VerboseUI")
        window = self.find(TITLE)

        def sections():
            """Boxes over the whole width with three labels: the light, the name, the status."""
            boxes = self.windows_within(window)
            return [box for box in boxes if box[3] < 60 and 3 == sum(
                box != inner and box[1] <= inner[1] and inner[1] + inner[3] <= box[1] + box[3]
                and box[0] <= inner[0] for inner in boxes)]
        self.wait_until(lambda: len(sections()) >= 2, "no sections")
        self.picture("sections")
        self.wait_until(lambda: self.pixels()[0xa0a0a0] > 100, "it does not connect")
        self.close_by_key(window)
        run.communicate(timeout=PATIENCE)

    def test_fonts_and_lines_are_as_configured(self):
        sizes = []
        for options in ("", "[ui.Tk.Blinkenlights]\nfontfamily = Courier\nfontsize = 14\n"
                            "loglines = 9\nbufferlines = 20\n"):
            account = self.filled(account="autorefresh = 5")
            account.rc.write_text(account.rc.read_text() + options)
            run = self.run_here(account, "-u", "Tk.Blinkenlights")
            window = self.find(TITLE)
            time.sleep(1)
            self.picture(f"font-{len(sizes)}")
            sizes.append(max(h for _, _, _, h in self.windows_within(window)))
            self.click(self.buttons(window, 3)[2])
            run.communicate(timeout=PATIENCE)
        self.assertGreater(sizes[1], 1.8 * sizes[0])

    def test_keys_answer_the_password_dialog(self):
        account = self.filled()
        account.rc.write_text(account.rc.read_text().replace("remotepass = secret\n", ""))
        run = self.run_here(account, "-o", "-u", "Tk.Blinkenlights")
        window = self.find("OfflineIMAP asks")
        self.picture("asks")
        self.xdotool("windowfocus", "--sync", window)
        self.xdotool("type", "secret")
        self.picture("asks-typed")
        self.xdotool("key", "Return")
        output = run.communicate(timeout=PATIENCE)
        self.assert_hidden("secret", *output)
        self.assertEqual(run.returncode, 0, output)
        self.assertEqual(account.local()["INBOX"].total(), 5)

    def test_a_declined_question_ends_the_run(self):
        for button in (0, 1):  # OK without a password, Cancel
            with self.subTest(button=button):
                account = self.filled()
                account.rc.write_text(account.rc.read_text().replace("remotepass = secret\n", ""))
                run = self.run_here(account, "-o", "-u", "Tk.Blinkenlights")
                self.click(self.buttons(self.find("OfflineIMAP asks"), 2)[button])
                output = run.communicate(timeout=PATIENCE)
                self.assertEqual(run.returncode, 4, output)
                self.assertIn("remotepass", output[1])

    def test_a_server_that_repeats_a_password_is_not_repeated(self):
        password = "hunter2-of-joe"
        for ui in ("Tk.Blinkenlights", "Tk.VerboseUI"):
            with self.subTest(ui=ui):
                account = self.account(Parrot(password), password=password)
                trace = account.directory / "trace"
                run = self.run_here(account, "-o", "-u", ui, "-d", "all", "-P", str(trace))
                window = self.find("OfflineIMAP asks")
                self.picture(f"{ui}-parrot")
                self.xdotool("windowfocus", "--sync", window)
                self.xdotool("key", "Return")
                output = run.communicate(timeout=PATIENCE)
                traced = [file.read_bytes() for file in trace.iterdir()]
                self.assertTrue(traced)
                self.assert_hidden(password, *output, *traced)
                self.assertIn("(withheld)", output[1])


if __name__ == "__main__":
    unittest.main(verbosity=2)
