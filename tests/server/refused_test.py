# SPDX-License-Identifier: Apache-2.0
"""Servers that do not let us in: what they mean, and how often they are asked."""
import os
import pathlib
import signal
import subprocess
import time
import unittest

from mechanisms import NO
from scripted import Gone, ScriptedServer
from scripted_account import (CLEAR, PASSWORD, PROGRAM, RC, USER, WRONG, InTheClear, login_command,
                              offers, right)


class WrongPasswords(InTheClear):
    says = ["[AUTHENTICATIONFAILED] not you"]

    def test_are_offered_once_to_each_kind(self):
        for names, attempts in ((["PLAIN"], ["PLAIN"]), (["SCRAM-SHA-256"], ["SCRAM-SHA-256"]),
                                (["SCRAM-SHA-256", "SCRAM-SHA-1", "DIGEST-MD5", "CRAM-MD5", "PLAIN"],
                                 ["SCRAM-SHA-256", "PLAIN"]),
                                (["CRAM-MD5", "LOGIN", "PLAIN"], ["CRAM-MD5", "PLAIN"])):
            for connections in (1, 4):
                server = ScriptedServer(offers(*names, more="LOGINDISABLED"), sasl=WRONG)
                self.sign_in(server, f"maxconnections = {connections}", code=4, says=self.says)
                self.assertEqual(server.attempts, attempts)
                self.assertEqual(len(server.conversations), 1)

    def test_with_the_login_command(self):
        server = ScriptedServer("IMAP4rev1", answers={"LOGIN": NO})
        self.sign_in(server, "maxconnections = 4", code=4, says=self.says)
        self.assertEqual(server.attempts, ["LOGIN"])

    def test_a_bad_does_not_show_what_the_server_repeats(self):
        def parrot(conversation, words):
            return "BAD no such " + b" ".join(words).decode()
        server = ScriptedServer("IMAP4rev1", answers={"LOGIN": parrot})
        self.sign_in(server, code=4, says="server answered BAD to LOGIN")

    def test_a_no_that_repeats_the_password_is_cleaned(self):
        server = ScriptedServer("IMAP4rev1", answers={"LOGIN": f"NO wrong: {PASSWORD}"})
        self.sign_in(server, code=4, says="NO wrong: (withheld)")

    def test_a_command_is_asked_again_and_its_answer_tried_once(self):
        for password, attempts, code in (("other", 1, 4), (PASSWORD, 1, 0)):
            server = ScriptedServer("IMAP4rev1", answers={"LOGIN": login_command(USER, PASSWORD)})
            self.sign_in(server, f"remotepass.command = echo {password}", code=code, password=None)
            self.assertEqual(len(server.attempts), attempts)

    def test_a_command_that_says_something_else_the_second_time(self):
        count = f"{self.directory}/count"
        server = ScriptedServer("IMAP4rev1", answers={"LOGIN": login_command(USER, PASSWORD)})
        self.sign_in(server, password=None, *[
            f"remotepass.command = if test -e {count}; then echo {PASSWORD}; else touch {count}; "
            "echo old; fi"])
        self.assertEqual(len(server.attempts), 2)

    def test_a_server_that_hangs_up_on_who_was_refused(self):
        def hang_up(conversation, *_):
            conversation.say(f"{conversation.tag} {NO}")
            raise Gone

        def say_bye(conversation, *_):
            conversation.say(f"{conversation.tag} {NO}")
            conversation.say("* BYE too many failures")
            raise Gone
        for way in (hang_up, say_bye):
            server = ScriptedServer(offers("CRAM-MD5", "PLAIN"),
                                    sasl={"CRAM-MD5": way, "PLAIN": way})
            self.sign_in(server, "maxconnections = 4", code=4, says=self.says)
            self.assertEqual(len(server.conversations), 1)


class Codes(InTheClear):
    """What a server says besides NO (RFC 5530)."""

    def test_of_the_password(self):
        for code in ("AUTHENTICATIONFAILED", "EXPIRED", "AUTHORIZATIONFAILED"):
            for connections in (1, 3):
                server = ScriptedServer("IMAP4rev1", answers={"LOGIN": f"NO [{code}] so it is"})
                self.sign_in(server, f"maxconnections = {connections}", code=4,
                             says=f"[{code}] so it is")
                self.assertEqual(server.attempts, ["LOGIN"])

    def test_known_users_try_no_other_mechanism(self):
        for code in ("EXPIRED", "AUTHORIZATIONFAILED"):
            server = ScriptedServer(offers("CRAM-MD5", "PLAIN"), sasl={
                **right(), "CRAM-MD5": lambda *_, code=code: f"NO [{code}] so it is"})
            self.sign_in(server, code=4, says=f"[{code}]")
            self.assertEqual(server.attempts, ["CRAM-MD5"])

    def test_of_the_server(self):
        for code in ("UNAVAILABLE", "CONTACTADMIN", "SERVERBUG", "LIMIT", "INUSE", "OVERQUOTA"):
            for answer in (f"NO [{code}] later", f"BAD [{code}] later"):
                server = ScriptedServer(offers("CRAM-MD5", "PLAIN"),
                                        sasl={**WRONG, "CRAM-MD5": lambda *_, a=answer: a})
                done = self.sign_in(server, code=5, says=f"[{code}]")
                self.assertNotIn("the password settings", done.stderr)
                self.assertEqual(set(server.attempts), {"CRAM-MD5"})
                self.assertLessEqual(len(server.attempts), 4)

    def test_a_server_that_recovers(self):
        """Whoever tries again gets in."""
        answers = ["NO [UNAVAILABLE] starting", "OK in"]
        server = ScriptedServer("IMAP4rev1", answers={
            "LOGIN": lambda *_: answers.pop(0) if len(answers) > 1 else answers[0]})
        with server:
            done = self.run_with(server, *CLEAR)
            if done.returncode == 5:
                done = self.run_with(server, *CLEAR)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_privacyrequired(self):
        server = ScriptedServer("IMAP4rev1", answers={"LOGIN": "NO [PRIVACYREQUIRED] use TLS"})
        self.sign_in(server, code=5, says=["[PRIVACYREQUIRED] use TLS", "ssl or starttls"])
        self.assertEqual(server.attempts, ["LOGIN"])

    def test_silence_in_the_middle(self):
        for before in ([], ["DIGEST-MD5"]):
            def be_silent(conversation, *_):
                conversation.more()
                raise Gone
            server = ScriptedServer(offers(*before, "PLAIN"), sasl={
                "PLAIN": be_silent, "DIGEST-MD5": lambda *_: NO})
            self.sign_in(server, "socktimeout = 1", code=4 if before else 5)
            self.assertLessEqual(server.attempts.count("PLAIN"), 1 if before else 3)

    def test_goodbye_in_the_middle(self):
        for bye, code in (("BYE", 5), ("BYE [UNAVAILABLE] going down", 5), ("BYE out of order", 5),
                          ("BYE [AUTHENTICATIONFAILED] never again", 4)):
            for with_challenge in (False, True):
                def go(conversation, *_, bye=bye, with_challenge=with_challenge):
                    if with_challenge:
                        conversation.ask(b"<1@2>")
                    conversation.say(f"* {bye}")
                    raise Gone
                server = ScriptedServer(offers("CRAM-MD5", "PLAIN"), sasl={"CRAM-MD5": go})
                self.sign_in(server, code=code, says=bye)
                self.assertEqual(set(server.attempts), {"CRAM-MD5"})
                self.assertLessEqual(len(server.attempts), 4 if code == 5 else 1)


class InADaemon(InTheClear):
    """Which runs again and again, every second."""

    def start(self, server, password):
        rc = pathlib.Path(self.directory, "rc")
        secret = pathlib.Path(self.directory, "secret")
        secret.write_text(password)
        secret.chmod(0o600)
        lines = "\n".join([*CLEAR, f"remotepassfile = {secret}", "maxconnections = 3"])
        rc.write_text(RC.format(dir=self.directory, host="localhost", port=server.port, user=USER,
                                lines=lines).replace("[Account Test]",
                                                     "[Account Test]\nautorefresh = 0.017"))
        self.output = open(os.path.join(self.directory, "output"), "w+b")
        self.addCleanup(self.output.close)
        daemon = subprocess.Popen([PROGRAM, "-c", str(rc), "-u", "basic"], stdin=subprocess.DEVNULL,
                                  stdout=self.output, stderr=subprocess.STDOUT)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        return daemon, secret

    def said(self):
        return pathlib.Path(self.directory, "output").read_text()

    def wait_for(self, condition):
        end = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), end, self.said())
            time.sleep(0.05)

    def runs(self):
        return self.said().count("*** Finished account")

    def let_it_run(self, times):
        before = self.runs()
        self.wait_for(lambda: self.runs() >= before + times)

    def test_it_is_offered_once_until_it_changes_or_the_user_says_so(self):
        server = ScriptedServer("IMAP4rev1", answers={"LOGIN": login_command(USER, PASSWORD)})
        with server:
            daemon, secret = self.start(server, "wrong")
            self.let_it_run(4)
            self.assertEqual(server.attempts, ["LOGIN"])
            self.assertIn("it is not offered again", self.said())
            daemon.send_signal(signal.SIGUSR1)
            self.wait_for(lambda: len(server.attempts) > 1)
            self.let_it_run(3)
            self.assertEqual(len(server.attempts), 2)
            secret.write_text("other")
            self.wait_for(lambda: len(server.attempts) > 2)
            self.let_it_run(2)
            self.assertEqual(len(server.attempts), 3)
            secret.write_text(PASSWORD)
            self.wait_for(lambda: server.count("SELECT") > 0)
            daemon.kill()
            daemon.wait()


if __name__ == "__main__":
    unittest.main(verbosity=2)
