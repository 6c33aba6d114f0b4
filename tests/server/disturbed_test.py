# SPDX-License-Identifier: Apache-2.0
"""What laptops go through: the daemon goes on by itself afterwards. PROGRAM is the built
offlineimap."""
import os
import signal
import time
import unittest

from account import PLAIN, text
from daemon import DaemonTest, wait_until
from gate import Gate
from introspection import Introspection
from tokens_test import TokenServer

IMPATIENT = "socktimeout = 2"
WATCHING = PLAIN + "\nidlefolders = ['INBOX']\nkeepalive = 1"
HOLDING = PLAIN + "\nholdconnectionopen = yes"


class DisturbedTest(DaemonTest):
    def behind_gate(self, **settings):
        server = self.serve()
        self.gate = Gate(server.port)
        self.addCleanup(self.gate.close)
        return self.start(server, port=self.gate.port, general=IMPATIENT, **settings)

    def assert_goes_on(self, daemon):
        """Both ways, within the hour that the daemon would sleep."""
        self.joe.append("INBOX", text("from afar"))
        self.assert_soon_equal(daemon)
        self.joe.deliver("INBOX", text("from here"), "1.a.host")
        self.assert_soon_equal(daemon)
        self.assertIsNone(daemon.process.poll(), daemon.said())


class Disturbed(DisturbedTest):
    def test_a_connection_that_stalls_while_it_watches(self):
        daemon = self.behind_gate(remote=WATCHING)
        self.gate.shut()
        daemon.wait_for("watching for changes ended")
        self.joe.append("INBOX", text("meanwhile"))
        self.gate.release()
        self.assert_goes_on(daemon)

    def test_a_connection_that_stalls_in_a_run(self):
        daemon = self.behind_gate(account="autorefresh = 0.1", remote=HOLDING)
        self.gate.shut()
        daemon.wait_for("ERROR")
        self.joe.append("INBOX", text("meanwhile"))
        self.gate.release()
        self.assert_goes_on(daemon)

    def test_a_server_that_is_stopped_and_goes_on(self):
        daemon = self.behind_gate(remote=WATCHING)
        group = int((self.server.directory / "run/master.pid").read_text())
        os.killpg(group, signal.SIGSTOP)
        try:
            daemon.wait_for("watching for changes ended")
        finally:
            os.killpg(group, signal.SIGCONT)
        self.assert_goes_on(daemon)

    def test_connections_that_are_reset(self):
        daemon = self.behind_gate(remote=WATCHING)
        for _ in range(3):
            self.gate.reset()
            self.assert_goes_on(daemon)

    def test_a_held_connection_that_is_reset_in_a_run(self):
        daemon = self.behind_gate(remote=HOLDING)
        for number in range(40):
            self.joe.append("INBOX", text(f"many {number}", "x" * 2000))
        self.gate.shut_after(20000)
        daemon.tell(signal.SIGUSR1)
        self.assertTrue(wait_until(self.gate.is_shut), daemon.said())
        self.gate.reset()
        self.gate.release()
        self.assert_goes_on(daemon)
        self.assertNotIn("ERROR", daemon.said())

    def test_a_server_that_is_away_for_a_while(self):
        daemon = self.start(remote=WATCHING, general=IMPATIENT)
        self.server.stop()
        daemon.wait_for("trying again", 2)
        self.server.start_again()
        self.assert_goes_on(daemon)

    def test_a_machine_that_wakes_up_with_connections_that_nobody_knows(self):
        daemon = self.behind_gate(remote=HOLDING + "\nsocktimeout = 3000")
        self.joe.append("INBOX", text("while it slept"))
        self.gate.strand()
        self.set_clock()
        self.assert_soon_equal(daemon)
        daemon.wait_for("Next refresh", 2)
        self.assertNotIn("ERROR", daemon.said())

    def test_a_clock_that_jumps_while_it_watches(self):
        daemon = self.behind_gate(remote=PLAIN + "\nidlefolders = ['INBOX']\nsocktimeout = 3000")
        self.gate.strand()
        self.set_clock()
        daemon.wait_for("Next refresh", 2)
        self.assert_goes_on(daemon)

    def set_clock(self):
        """To what it says: programs that asked for it are told of a jump."""
        try:
            time.clock_settime(time.CLOCK_REALTIME, time.clock_gettime(time.CLOCK_REALTIME))
        except PermissionError:
            self.skipTest("may not set the clock")


class ExpiredTokens(DisturbedTest):
    def test_the_next_one_is_fetched(self):
        good = {"early.token"}
        with Introspection(good) as introspection, TokenServer(
                (200, {"access_token": "early.token", "expires_in": 2})) as tokens:
            server = self.serve(extra="auth_mechanisms = xoauth2 plain\n" + introspection.passdb)
            daemon = self.start(server, remote="\n".join([
                WATCHING, "auth_mechanisms = XOAUTH2", "oauth2_refresh_token = 1//joe.s",
                "oauth2_client_id = me", f"oauth2_request_url = {tokens.url}"]))
            good.clear()
            good.add("later.token")
            tokens.answers = [(200, {"access_token": "later.token", "expires_in": 3600})]
            server.kick("joe")
            self.assert_goes_on(daemon)
            self.assertNotIn("ERROR", daemon.said())
            for secret in ("early.token", "later.token", "1//joe.s"):
                self.assertNotIn(secret, daemon.said())


if __name__ == "__main__":
    unittest.main(verbosity=1)
