# SPDX-License-Identifier: Apache-2.0
"""The program as a daemon: it watches, is told by signals, and survives what laptops go through.
PROGRAM is the built offlineimap."""
import os
import re
import shutil
import signal
import socket
import tempfile
import time
import unittest

from account import PLAIN, text
from daemon import Daemon, DaemonTest, wait_until
from dovecot import PASSWORD
from gate import Gate


class Signals(DaemonTest):
    def test_usr1_synchronises_now(self):
        daemon = self.start()
        self.joe.append("INBOX", text("later"))
        daemon.tell(signal.SIGUSR1)
        self.assert_soon_equal(daemon)
        daemon.wait_for("Next refresh", 2)

    def test_usr2_ends_after_the_sync(self):
        daemon = self.start()
        daemon.tell(signal.SIGUSR2)
        self.assertEqual(daemon.end(), 0, daemon.said())

    def test_each_signal_to_stop_ends_a_sleep_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                daemon = self.start()
                daemon.tell(number)
                self.assertEqual(daemon.end(), 128 + number, daemon.said())

    def test_third_one_ends_it_whatever_it_does(self):
        daemon = self.hanging()
        for _ in range(3):
            daemon.tell(signal.SIGTERM)
            time.sleep(0.2)
        self.assertEqual(daemon.end(), 128 + signal.SIGTERM, daemon.said())

    def hanging(self):
        """One whose hook does not come to an end."""
        self.server = self.serve()
        self.joe = self.account(self.server, account="presynchook = exec sleep 300")
        daemon = Daemon(self.joe)
        self.addCleanup(daemon.stop)
        daemon.wait_for("Calling hook")
        return daemon

    def test_quit_shows_what_every_thread_does(self):
        daemon = self.start()
        daemon.tell(signal.SIGQUIT)
        self.assertEqual(daemon.end(), -signal.SIGQUIT, daemon.said())
        self.assertIn("thread", daemon.said())
        self.assertGreaterEqual(len(re.findall(r"offlineimap[(\[]", daemon.said())), 3, daemon.said())


class SignalsInARun(DaemonTest):
    """While a folder is being filled."""
    FOLDERS = ["A", "B", "C"]

    def filling(self, **settings):
        server = self.serve()
        self.gate = Gate(server.port)
        self.addCleanup(self.gate.close)
        self.joe = self.account(server, port=self.gate.port, **settings)
        connection = self.joe.imap()
        for folder in self.FOLDERS:
            connection.create(folder)
            for number in range(20):
                connection.append(folder, None, None, text(f"{folder}{number}", "x" * 4000))
        connection.logout()
        self.gate.shut_after(30000)
        daemon = Daemon(self.joe)
        self.addCleanup(daemon.stop)
        self.assertTrue(wait_until(self.gate.is_shut), daemon.said())
        self.assertTrue(wait_until(lambda: any(self.joe.mail.rglob("tmp/*"))), daemon.said())
        return daemon

    def sizes(self):
        local = self.joe.local()
        return sorted(local[folder].total() for folder in self.FOLDERS if folder in local)

    def assert_unlocked_and_taken_up(self):
        self.assertFalse((self.joe.directory / "metadata/Test.lock").exists())
        self.joe.configure(port=self.gate.port)
        self.gate.release()
        done = self.joe.sync()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.joe.local(), self.joe.remote())

    def test_one_finishes_the_folder_and_leaves(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                daemon = self.filling(account="autorefresh = 60")
                daemon.tell(number)
                daemon.wait_for("Stopping after the current folder")
                self.gate.release()
                self.assertEqual(daemon.end(), 128 + number, daemon.said())
                sizes = self.sizes()
                self.assertIn(20, sizes)
                self.assertNotEqual(sizes, [20] * 3)
                self.assertLessEqual(set(sizes), {0, 20})
                self.assert_unlocked_and_taken_up()

    def test_a_second_one_leaves_at_once(self):
        daemon = self.filling(account="autorefresh = 60")
        for _ in range(2):
            daemon.tell(signal.SIGTERM)
            time.sleep(0.2)
        self.assertEqual(daemon.end(), 128 + signal.SIGTERM, daemon.said())
        self.assert_unlocked_and_taken_up()

    def test_usr2_finishes_the_run_and_leaves(self):
        daemon = self.filling(account="autorefresh = 60")
        daemon.tell(signal.SIGUSR2)
        time.sleep(0.2)
        self.gate.release()
        self.assertEqual(daemon.end(), 0, daemon.said())
        self.assertEqual(self.joe.local(), self.joe.remote())
        self.assert_unlocked_and_taken_up()

    def test_usr1_ends_the_next_sleep_at_once(self):
        daemon = self.filling(account="autorefresh = 60")
        daemon.tell(signal.SIGUSR1)
        time.sleep(0.2)
        self.joe.append("INBOX", text("meanwhile"))
        self.gate.release()
        daemon.wait_for("Next refresh", 2)
        self.assert_soon_equal(daemon)

    def test_each_accounts_sleep_is_ended_by_usr1(self):
        server = self.serve(users=("joe", "ann"))
        joe, ann = (self.account(server, user=user, account="autorefresh = 60")
                    for user in ("joe", "ann"))
        other = ann.rc.read_text().replace("Test", "Other").replace("Local", "OtherLocal") \
            .replace("Remote]", "OtherRemote]").replace("= Remote", "= OtherRemote")
        joe.rc.write_text(joe.rc.read_text().replace("accounts = Test", "accounts = Test, Other")
                          + other[other.index("[Account"):])
        daemon = Daemon(joe)
        self.addCleanup(daemon.stop)
        daemon.wait_for("Next refresh of Test")
        daemon.wait_for("Next refresh of Other")
        daemon.wait_until_quiet()
        for account in (joe, ann):
            account.append("INBOX", text("later"))
        daemon.tell(signal.SIGUSR1)
        for account in (joe, ann):
            self.joe = account
            self.assert_soon_equal(daemon)


class Watching(DaemonTest):
    def test_local_flag_and_new_mail_go_to_the_server(self):
        daemon = self.start()
        self.joe.mark(self.joe.files("INBOX")[0], "S")
        self.assert_soon_equal(daemon)
        self.joe.deliver("INBOX", text("written here"), "1.a.host")
        self.assert_soon_equal(daemon)

    def test_new_local_folder_goes_to_the_server(self):
        daemon = self.start()
        self.joe.deliver("Made here", text("in a new folder"), "1.a.host")
        self.assert_soon_equal(daemon)

    def test_new_mail_arrives_by_idle(self):
        daemon = self.start(remote=PLAIN + "\nidlefolders = ['INBOX']")
        self.joe.append("INBOX", text("pushed"))
        self.assert_soon_equal(daemon)

    def test_one_connection_sees_all_of_it(self):
        """What ends a watch does not end its connection, by NOTIFY and by IDLE."""
        for hide in ([], ["NOTIFY"]):
            with self.subTest(hidden=hide):
                daemon = self.start(self.serve(hide=hide), remote=PLAIN + "\nidlefolders = ['INBOX']")
                for number in range(3):
                    self.joe.append("INBOX", text(f"pushed {number}"))
                    self.assert_soon_equal(daemon)
                    daemon.wait_until_quiet()
                self.assertEqual(daemon.said().count("Establishing connection"), 1, daemon.said())
                self.assertNotIn("watching for changes ended", daemon.said())
                daemon.stop()

    def test_each_folder_is_pushed_where_a_connection_is_told_of_one(self):
        """Sooner than they would be looked at."""
        daemon = self.start(self.serve(hide=["NOTIFY"]), remote=PLAIN + "\nidlefolders = ['*']",
                            folders=("A", "B"))
        opened = []
        for number in range(2):
            for folder in ("B", "A", "INBOX"):
                self.joe.append(folder, text(f"pushed {number}"))
                self.assert_soon_equal(daemon)
            opened.append(daemon.said().count("Establishing connection"))
        # One that a run interrupts while it is being opened is opened again.
        self.assertGreaterEqual(opened[0], 3, daemon.said())
        self.assertEqual(opened[1], opened[0], daemon.said())

    def test_a_server_that_wants_no_more_connections_is_watched_by_one(self):
        server = self.serve(hide=["NOTIFY"], extra="mail_max_userip_connections = 1")
        daemon = self.start(server, remote=PLAIN + "\nidlefolders = ['*']", folders=("A",))
        for number in range(2):
            mail = server.directory / "mail/joe/new" / f"{number}.host"
            mail.write_bytes(text(f"pushed {number}"))
            if os.geteuid() == 0:
                shutil.chown(mail, "nobody", "nogroup")
            self.assertTrue(wait_until(lambda: len(self.joe.files("INBOX")) == 3 + number), daemon.said())
            daemon.wait_until_quiet()
        # One for the runs, and one that is refused; not one for each folder again and again.
        self.assertLessEqual(daemon.said().count("Establishing connection"), 4, daemon.said())
        self.assertNotIn("WARNING", daemon.said())

    def test_two_servers_are_both_watched(self):
        here, there = self.serve(), self.serve()
        store = f"type = IMAP\nremotehost = 127.0.0.1\nremoteport = {here.port}\nremoteuser = joe\n" \
                f"remotepass = {PASSWORD}\n{PLAIN}"
        daemon = self.start(there, store=store, remote=PLAIN + "\nidlefolders = ['INBOX']")
        mine = self.account(here)
        self.joe.append("INBOX", text("to here"))
        self.assertTrue(wait_until(lambda: mine.remote()["INBOX"].total() == 3), daemon.said())
        mine.append("INBOX", text("to there"))
        self.assertTrue(wait_until(lambda: self.joe.remote()["INBOX"].total() == 4), daemon.said())

    def test_folders_with_other_names_here_are_watched_by_theirs(self):
        self.server = self.serve()
        self.joe = self.account(self.server, account="autorefresh = 60",
                                remote=PLAIN + "\nidlefolders = ['Work']\n"
                                "nametrans = lambda name: name.replace('Work', 'Job')",
                                local="nametrans = lambda name: name.replace('Job', 'Work')")
        self.joe.append("INBOX", text("one"))
        connection = self.joe.imap()
        connection.create("Work")
        connection.logout()
        daemon = Daemon(self.joe)
        self.addCleanup(daemon.stop)
        daemon.wait_for("Next refresh")
        daemon.wait_until_quiet()
        self.joe.append("Work", text("pushed"))
        self.assertTrue(wait_until(lambda: len(self.joe.files("Job")) == 1), daemon.said())

    def test_goes_quiet_when_nothing_happens(self):
        daemon = self.start(remote=PLAIN + "\nidlefolders = ['INBOX']")
        self.joe.append("INBOX", text("pushed"))
        self.joe.mark(self.joe.files("INBOX")[0], "S")
        self.assert_soon_equal(daemon)
        time.sleep(6)
        runs = daemon.said().count("*** Processing")
        time.sleep(5)
        self.assertLessEqual(daemon.said().count("*** Processing") - runs, 1, daemon.said())

    def test_goes_on_after_the_server_was_restarted(self):
        daemon = self.start(remote=PLAIN + "\nidlefolders = ['INBOX']")
        self.server.stop()
        time.sleep(1)
        self.server.start_again()
        self.joe.append("INBOX", text("after the restart"))
        self.joe.mark(self.joe.files("INBOX")[0], "S")
        self.assert_soon_equal(daemon)

    def test_held_connection_that_died_is_opened_again(self):
        daemon = self.start(remote=PLAIN + "\nholdconnectionopen = yes")
        self.server.stop()
        self.server.start_again()
        self.joe.append("INBOX", text("after the restart"))
        daemon.tell(signal.SIGUSR1)
        self.assert_soon_equal(daemon)
        self.assertNotIn("ERROR", daemon.said())


class ServiceManager(DaemonTest):
    def test_it_is_told_of_start_state_life_and_end(self):
        path = tempfile.mkdtemp(prefix="offlineimap-notify-") + "/socket"
        self.addCleanup(shutil.rmtree, os.path.dirname(path))
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(30)
            daemon = self.start(environment={"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"},
                                account="autorefresh = 60\npresynchook = env")
            told = [manager.recv(4096).decode()]
            self.assertEqual(told, ["READY=1"])
            while (told.count("WATCHDOG=1") < 3
                   or not any(line.startswith("STATUS=Next refresh") for line in told)):
                told.append(manager.recv(4096).decode())
            self.assertIn("STATUS=*** Processing account Test", told)
            self.assertNotIn(path, daemon.said())  # a hook must not speak for the program
            daemon.tell(signal.SIGTERM)
            daemon.end()
            while told[-1] != "STOPPING=1":
                told.append(manager.recv(4096).decode())


if __name__ == "__main__":
    unittest.main(verbosity=1)
