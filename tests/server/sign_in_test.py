# SPDX-License-Identifier: Apache-2.0
"""Signing in against a scripted server: each mechanism, their order, and servers that are wrong."""
import base64
import http.server
import json
import os
import ssl
import threading
import unittest
import urllib.parse

import mechanisms
from mechanisms import NO, Scram
from scripted import Gone, ScriptedServer
from secured_test import PASSWORD, TOKEN, USER, ScriptedTest, Secured

CLEAR = ["ssl = no", "starttls = no"]
WRONG = {"PLAIN": lambda *_: NO, "CRAM-MD5": mechanisms.cram_md5(USER, "other"),
         "DIGEST-MD5": mechanisms.digest_md5(USER, "other"),
         "SCRAM-SHA-256": Scram(USER, "other"), "SCRAM-SHA-1": Scram(USER, "other", "sha1"),
         "XOAUTH2": mechanisms.xoauth2(USER, "other"),
         "OAUTHBEARER": mechanisms.oauthbearer(USER, "other")}


def offers(*names, more="SASL-IR"):
    return " ".join(["IMAP4rev1", more, *(f"AUTH={name}" for name in names)])


def right(user=USER, password=PASSWORD, identity=""):
    """Every mechanism with a password, as a server that knows it runs them."""
    return {"PLAIN": mechanisms.plain(user, password, identity),
            "LOGIN": mechanisms.login(user, password),
            "CRAM-MD5": mechanisms.cram_md5(user, password),
            "DIGEST-MD5": mechanisms.digest_md5(user, password, identity),
            "SCRAM-SHA-1": Scram(user, password, "sha1", identity),
            "SCRAM-SHA-256": Scram(user, password, "sha256", identity)}


def login_command(user, password):
    def run(_conversation, words):
        return mechanisms.verdict(words == [user.encode(), password.encode()])
    return run


class InTheClear(ScriptedTest):
    """Without TLS, as the user has allowed."""

    def sign_in(self, server, *lines, code=0, says=(), **settings):
        return self.try_with(server, *CLEAR, *lines, code=code, says=says, **settings)


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

    def test_an_unknown_mechanism_is_a_slip_of_the_pen(self):
        with ScriptedServer() as server:
            done = self.run_with(server, *CLEAR, "auth_mechanisms = SCRAM-SHA256, PLAIN")
        self.assertEqual((done.returncode, server.bytes), (3, b""))
        self.assertIn('"SCRAM-SHA256" is not known here', done.stderr)


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
        for number in (1, 4095, 2_000_001, 10**30):
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
            self.assertLessEqual(len(server.attempts), 3)


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
                self.assertLessEqual(len(server.attempts), 3)

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
                self.assertLessEqual(len(server.attempts), 3 if code == 5 else 1)


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


class TokenServer:
    """An OAuth2 token endpoint; `answers` are (status, JSON or text), the last one for ever."""

    def __init__(self, *answers):
        self.answers, self.forms = list(answers), []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.forms.append({k: v[0] for k, v in urllib.parse.parse_qs(body).items()})
                status, answer = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                data = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/token"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Tokens(InTheClear):
    REFRESH = "1//refresh.token"
    MECHANISMS = (("XOAUTH2", mechanisms.xoauth2), ("OAUTHBEARER", mechanisms.oauthbearer))

    def lines(self, tokens, *more):
        return [f"oauth2_request_url = {tokens.url}", f"oauth2_refresh_token = {self.REFRESH}",
                "oauth2_client_id = me", "oauth2_client_secret = hush.hush", *more]

    def sign_in(self, server, *lines, **settings):
        done = super().sign_in(server, *lines, **settings)
        for secret in (self.REFRESH, "hush.hush", "2//rotated", "stale.token"):
            self.assertNotIn(secret, done.stdout + done.stderr)
        return done

    def server(self, name="XOAUTH2", half=mechanisms.xoauth2, token=TOKEN):
        return ScriptedServer(offers(name, "PLAIN", "SCRAM-SHA-256"), sasl={
            name: half(USER, token), "PLAIN": lambda *_: NO, "SCRAM-SHA-256": lambda *_: NO})

    def test_one_that_is_given(self):
        for name, half in self.MECHANISMS:
            server = self.server(name, half)
            self.sign_in(server, f"oauth2_access_token = {TOKEN}", password=None)
            self.assertEqual(server.attempts, [name])

    def test_one_that_is_fetched_for_all_connections(self):
        for name, half in self.MECHANISMS:
            with TokenServer((200, {"access_token": TOKEN, "expires_in": 3600})) as tokens:
                server = self.server(name, half)
                self.sign_in(server, *self.lines(tokens, "maxconnections = 3"), password=None)
            self.assertEqual(set(server.attempts), {name})
            self.assertEqual(tokens.forms, [{
                "grant_type": "refresh_token", "refresh_token": self.REFRESH, "client_id": "me",
                "client_secret": "hush.hush"}])

    def test_an_expired_one_is_replaced(self):
        for name, half in self.MECHANISMS:
            with TokenServer((200, {"access_token": TOKEN})) as tokens:
                server = self.server(name, half)
                self.sign_in(server, *self.lines(tokens, "oauth2_access_token = stale.token"),
                             password=None)
            self.assertEqual(server.attempts, [name, name])
            self.assertEqual(len(tokens.forms), 1)

    def test_one_that_stays_refused_is_not_fetched_again_and_again(self):
        for name, half in self.MECHANISMS:
            with TokenServer((200, {"access_token": "stale.token"})) as tokens:
                server = self.server(name, half)
                self.sign_in(server, *self.lines(tokens, "maxconnections = 4"), code=4,
                             password=None, says=["sign in to", "status"])
            self.assertEqual((server.attempts, len(tokens.forms)), ([name], 1))

    def test_one_that_is_refused_does_not_lead_to_a_password_that_nobody_gave(self):
        server = self.server()
        done = self.sign_in(server, "oauth2_access_token = stale.token", code=4, password=None)
        self.assertEqual(server.attempts, ["XOAUTH2"])
        self.assertIn("SASL authentication failed", done.stderr)

    def test_a_password_that_is_given_is_tried(self):
        server = self.server()
        server.sasl["PLAIN"] = mechanisms.plain(USER, PASSWORD)
        self.sign_in(server, "oauth2_access_token = stale.token")
        self.assertEqual(server.attempts, ["XOAUTH2", "SCRAM-SHA-256", "PLAIN"])

    def test_a_refusal_of_the_token_server(self):
        error = {"error": "invalid_grant",
                 "error_description": f"{self.REFRESH} has been revoked\x1b[2J"}
        with TokenServer((400, error)) as tokens:
            server = self.server()
            self.sign_in(server, *self.lines(tokens, "maxconnections = 4"), code=4, password=None,
                         says=["invalid_grant", "(withheld) has been revoked"])
        self.assertEqual((server.attempts, len(tokens.forms)), ([], 1))

    def test_trouble_of_the_token_server(self):
        for status, answer in ((503, "<html>"), (500, {"error": "server_error"}),
                               (429, {"error": "slow_down"})):
            with TokenServer((status, answer)) as tokens:
                server = self.server()
                self.sign_in(server, *self.lines(tokens), code=5, password=None, says="access token")
            self.assertEqual(server.attempts, [])
        tokens = TokenServer((200, {}))
        tokens.server.server_close()
        server = self.server()
        self.sign_in(server, *self.lines(tokens), code=5, password=None, says="access token")

    def test_a_refresh_token_that_is_replaced(self):
        rotated = {"access_token": TOKEN, "refresh_token": "2//rotated", "expires_in": 3600}
        with TokenServer((200, rotated)) as tokens:
            for _ in range(2):
                self.sign_in(self.server(), *self.lines(tokens), password=None)
        self.assertEqual([form["refresh_token"] for form in tokens.forms],
                         [self.REFRESH, "2//rotated"])
        file = os.path.join(self.directory, "metadata/Repository-Remote/oauth2_refresh_token")
        self.assertEqual(os.stat(file).st_mode & 0o777, 0o600)

    def test_a_url_in_the_clear(self):
        with self.server() as server:
            done = self.run_with(server, *CLEAR, "oauth2_request_url = http://example.invalid/t",
                                 f"oauth2_refresh_token = {self.REFRESH}", password=None)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("https only", done.stderr)

    def test_for_another_mailbox(self):
        for name, half in self.MECHANISMS:
            server = self.server(name, lambda _user, token, half=half: half("shared", token))
            self.sign_in(server, f"oauth2_access_token = {TOKEN}", "remote_identity = shared",
                         password=None)


if __name__ == "__main__":
    unittest.main(verbosity=2)
