# SPDX-License-Identifier: Apache-2.0
"""Signing in at a scripted server: each mechanism, their order, and servers that are impostors."""
import base64
import os
import ssl
import unittest

import mechanisms
from mechanisms import Scram
from scripted import ScriptedServer
from scripted_account import CLEAR, PASSWORD, TOKEN, USER, InTheClear, login_command, offers, right
from secured_test import Secured


class Mechanisms(InTheClear):
    def test_each_signs_in_with_and_without_an_initial_response(self):
        for name, server_half in right().items():
            for more in ("SASL-IR", ""):
                server = ScriptedServer(offers(name, more=f"{more} LOGINDISABLED"),
                                        sasl={name: server_half})
                self.sign_in(server)
                self.assertEqual(server.attempts, [name])

    def test_the_login_command(self):
        for password in (PASSWORD, 'with "quotes" and \\', "grüße"):
            server = ScriptedServer("IMAP4rev1", answers={"LOGIN": login_command(USER, password)})
            self.sign_in(server, f"remotepassfile = {self.directory}/password", password=password)
            self.assertEqual(server.attempts, ["LOGIN"])

    def test_a_trace_of_the_conversation_keeps_the_secret(self):
        halves = {**right(), "XOAUTH2": mechanisms.xoauth2(USER, TOKEN),
                  "OAUTHBEARER": mechanisms.oauthbearer(USER, TOKEN)}
        for name, half in halves.items():
            for more in ("SASL-IR", ""):
                log = os.path.join(self.directory, f"{name}{more}.log")
                token = [f"oauth2_access_token = {TOKEN}"] if name in ("XOAUTH2", "OAUTHBEARER") else []
                server = ScriptedServer(offers(name, more=f"{more} LOGINDISABLED"), sasl={name: half})
                self.sign_in(server, *token, arguments=("-d", "imap", "-l", log))
                with open(log, "rb") as file:
                    written = file.read()
                self.assertIn(b"AUTHENTICATE", written)
                (line,) = [w for w in server.conversations[0].lines if b"AUTHENTICATE" in w]
                at = server.conversations[0].lines.index(line)
                said = [line.split(b" ")[3:], server.conversations[0].lines[at + 1:at + 3]]
                for secret in (PASSWORD.encode(), TOKEN.encode(), *said[0], *said[1]):
                    if len(secret) > 8 and b" " not in secret:
                        self.assertNotIn(secret, written)

    def test_remote_identity(self):
        for name in ("PLAIN", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"):
            server = ScriptedServer(offers(name), sasl={name: right(identity="boss")[name]})
            self.sign_in(server, "remote_identity = boss")
            self.assertEqual(server.attempts, [name])

    def test_remote_identity_is_not_lost(self):
        server = ScriptedServer(offers("CRAM-MD5", "LOGIN"), sasl=right())
        self.sign_in(server, "remote_identity = boss", code=4, says="remote_identity")
        self.assert_no_secret(server)

    def test_logindisabled(self):
        server = ScriptedServer("IMAP4rev1 LOGINDISABLED")
        self.sign_in(server, code=4, says="the server offers none")
        self.assert_no_secret(server)

    def test_what_the_user_switches_off_is_not_used(self):
        """disable_extensions, of what matters before there is a session."""
        server = ScriptedServer(offers("PLAIN", more="SASL-IR LOGINDISABLED"), sasl=right())
        self.sign_in(server, "disable_extensions = sasl-ir")
        self.assertEqual([words for command, words in server.commands if command == "AUTHENTICATE"],
                         [[b"PLAIN"]])
        server = ScriptedServer(offers("SCRAM-SHA-256", "PLAIN"), sasl=right())
        self.sign_in(server, "disable_extensions = AUTH=SCRAM-SHA-256")
        self.assertEqual(server.attempts, ["PLAIN"])
        for off in ("AUTH", "LOGINDISABLED"):
            server = ScriptedServer(offers(*(["PLAIN"] if off == "AUTH" else []), more="LOGINDISABLED"
                                           if off == "LOGINDISABLED" else ""), sasl=right(),
                                    answers={"LOGIN": login_command(USER, PASSWORD)})
            self.sign_in(server, f"disable_extensions = {off}")
            self.assertEqual(server.attempts, ["LOGIN"])

    def test_an_unknown_mechanism_is_a_slip_of_the_pen(self):
        with ScriptedServer() as server:
            done = self.run_with(server, *CLEAR, "auth_mechanisms = SCRAM-SHA256, PLAIN")
        self.assertEqual((done.returncode, server.bytes), (3, b""))
        self.assertIn('"SCRAM-SHA256" is not known here', done.stdout + done.stderr)


class Order(InTheClear):
    def test_the_strongest_is_taken(self):
        order = ["SCRAM-SHA-256", "SCRAM-SHA-1", "DIGEST-MD5", "CRAM-MD5", "PLAIN", "LOGIN"]
        for i, name in enumerate(order):
            server = ScriptedServer(offers(*reversed(order[i:])), sasl=right(),
                                    answers={"LOGIN": login_command(USER, PASSWORD)})
            self.sign_in(server)
            self.assertEqual(server.attempts, [name])

    def test_auth_mechanisms_chooses(self):
        server = ScriptedServer(offers(*right()), sasl=right())
        self.sign_in(server, "auth_mechanisms = plain")
        self.assertEqual(server.attempts, ["PLAIN"])
        server = ScriptedServer(offers(*right()), sasl=right())
        self.sign_in(server, "auth_mechanisms = GSSAPI, cram-md5, SCRAM-SHA-256")
        self.assertEqual(server.attempts, ["CRAM-MD5"])

    def test_a_server_that_offers_only_weaker_ones_gets_nothing(self):
        server = ScriptedServer(offers("CRAM-MD5", "PLAIN"), sasl=right())
        self.sign_in(server, "auth_mechanisms = SCRAM-SHA-256, SCRAM-SHA-1", code=4,
                     says=["the server offers CRAM-MD5, PLAIN", "asks for SCRAM-SHA-256"])
        self.assert_no_secret(server)


class Impostors(InTheClear):
    """Servers that do not know the password. Nothing weaker is tried with them."""

    def assert_impostor(self, scram, says, name="SCRAM-SHA-256"):
        server = ScriptedServer(offers(name, "CRAM-MD5", "PLAIN"), sasl={**right(), name: scram})
        self.sign_in(server, code=4, says=says)
        self.assertEqual(server.attempts, [name])
        self.assertNotIn(base64.b64encode(PASSWORD.encode())[:-4], server.bytes)

    def test_scram(self):
        for hash, name in (("sha256", "SCRAM-SHA-256"), ("sha1", "SCRAM-SHA-1")):
            self.assert_impostor(Scram(USER, PASSWORD, hash, server_password="guessed"),
                                 "did not prove", name)
            self.assert_impostor(Scram(USER, PASSWORD, hash, last=b"v=AAAA"), name, name)
            self.assert_impostor(Scram(USER, PASSWORD, hash, last=b"x"), name, name)
            self.assert_impostor(Scram(USER, PASSWORD, hash, last=None), "did not prove", name)
            self.assert_impostor(Scram(USER, PASSWORD, hash, changed_nonce=True), name, name)

    def test_an_answer_before_any_challenge(self):
        self.assert_impostor(lambda *_: "OK come in", "did not prove")

    def test_iterations(self):
        for number in (1, 4095, 1_000_001, 10**30):
            self.assert_impostor(Scram(USER, PASSWORD, iterations=number), "iterations")
        server = ScriptedServer(offers("SCRAM-SHA-256"),
                                sasl={"SCRAM-SHA-256": Scram(USER, PASSWORD, iterations=600_000)})
        self.sign_in(server)

    def test_digest_md5(self):
        self.assert_impostor(mechanisms.digest_md5(USER, PASSWORD, proves=False), "DIGEST-MD5",
                             "DIGEST-MD5")

    def test_endless_challenges(self):
        def ask(conversation, _initial):
            while True:
                conversation.say("+ " + base64.b64encode(b"more").decode())
                conversation.line()
        for name in ("CRAM-MD5", "PLAIN", "SCRAM-SHA-256"):
            server = ScriptedServer(offers(name), sasl={name: ask})
            done = self.sign_in(server, code=None)
            self.assertNotEqual(done.returncode, 0)
            self.assertLessEqual(len(server.attempts), 4)


class Passwords(InTheClear):
    NAMES = ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"]
    TEXTS = ["with spaces  in it", 'quo"tes\'', "back\\slash\\\\", "größe ☃ 𝄞", "100%s %(x)s %",
             "x" * 200, "a,b=c;d:e{3}", "~`!@#$^&*()_+|"]

    def test_of_all_kinds(self):
        for password in self.TEXTS:
            for name in self.NAMES:
                server = ScriptedServer(offers(name, more="SASL-IR LOGINDISABLED"),
                                        sasl=right(password=password))
                self.sign_in(server, f"remotepassfile = {self.directory}/password", password=password)
                self.assertEqual(server.attempts, [name], password)

    def test_with_the_login_command(self):
        for more in ("", "LITERAL+", "LITERAL-"):
            for password in self.TEXTS:
                server = ScriptedServer(f"IMAP4rev1 {more}",
                                        answers={"LOGIN": login_command(USER, password)})
                self.sign_in(server, f"remotepassfile = {self.directory}/password", password=password)

    def test_what_a_mechanism_cannot_carry_goes_by_another(self):
        """SASLprep (RFC 4013) refuses control characters, and what Unicode 3.2 did not have."""
        for name, password in (("SCRAM-SHA-256", "a\x01b"), ("CRAM-MD5", "😀 new"),
                               ("SCRAM-SHA-1", "😀 new")):
            file = f"remotepassfile = {self.directory}/password"
            server = ScriptedServer(offers(name, "PLAIN"), sasl=right(password=password))
            self.sign_in(server, file, password=password)
            self.assertEqual(server.attempts, [name, "PLAIN"])
            server = ScriptedServer(offers(name, more="LOGINDISABLED"), sasl=right(password=password))
            self.sign_in(server, file, password=password, code=4, says=f"{name} cannot carry")

    def test_an_empty_one(self):
        for name in self.NAMES:
            server = ScriptedServer(offers(name, more="LOGINDISABLED"), sasl=right(password=""))
            done = self.sign_in(server, f"remotepassfile = {self.directory}/password", password="",
                                code=None)
            self.assertIn(done.returncode, (0, 4), done.stderr)
            self.assertLessEqual(len(server.attempts), 1)

    def test_users_of_all_kinds(self):
        for user in ("joe@example.org", "o'neil, j=1", "größe", 'a "b" \\c'):
            for name in self.NAMES:
                server = ScriptedServer(offers(name, more="LOGINDISABLED"), sasl=right(user=user))
                self.sign_in(server, user=user)
                self.assertEqual(server.attempts, [name], user)


class Bound(Secured):
    def test_to_the_channel_of_tls_1_2(self):
        context = self.good.server_context()
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        for hash in ("sha256", "sha1"):
            name = f"SCRAM-SHA-{hash[3:]}-PLUS"
            scram = Scram(USER, PASSWORD, hash, binding=mechanisms.tls_unique)
            server = self.server(tls=context, capability=offers(name, name[:-5], "PLAIN"),
                                 sasl={name: scram})
            self.try_with(server, self.trust)
            self.assertEqual((server.attempts, scram.flag), ([name], "p=tls-unique"))

    def test_no_channel_no_binding(self):
        server = ScriptedServer(offers("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256"), sasl=right())
        self.try_with(server, *CLEAR)
        self.assertEqual(server.attempts, ["SCRAM-SHA-256"])

    def test_the_users_certificate(self):
        context = self.good.server_context()
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(self.authority.file)
        own = self.authority.issue("own", subject=USER)
        for identity in ("", "boss"):
            server = self.server(tls=context, capability=offers("EXTERNAL", "PLAIN"),
                                 sasl={"EXTERNAL": mechanisms.external(identity)})
            self.try_with(server, self.trust, f"sslclientcert = {own.both}",
                          f"remote_identity = {identity}")
            self.assertEqual(server.attempts, ["EXTERNAL"])

    def test_no_password_in_the_clear_where_tls_was_asked_for(self):
        """The transport ends before anything could be said at all."""
        self.assert_refused(ScriptedServer(offers("PLAIN")), "ssl = no", says="STARTTLS")


if __name__ == "__main__":
    unittest.main(verbosity=2)
