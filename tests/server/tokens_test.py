# SPDX-License-Identifier: Apache-2.0
"""OAuth2: tokens given, fetched, expired, refused and replaced."""
import http.server
import json
import os
import threading
import unittest
import urllib.parse

import http_answers
import mechanisms
from certificates import Authority
from mechanisms import NO
from scripted import ScriptedServer
from scripted_account import CLEAR, PASSWORD, TOKEN, USER, InTheClear, offers


class TokenServer:
    """An OAuth2 token endpoint; `answers` are (status, JSON or text), the last one for ever."""

    def __init__(self, *answers, tls=None):
        self.answers, self.forms = list(answers), []
        outer = self

        class Handler(http_answers.Answers):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.forms.append({k: v[0] for k, v in urllib.parse.parse_qs(body).items()})
                status, answer = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                self.answer(status, answer if isinstance(answer, str) else json.dumps(answer))

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.server.server_port}/token"

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
        self.assertIn("SASL authentication failed", done.stdout)

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
        self.assertIn("https only", done.stdout)

    def test_a_token_server_that_is_somebody_else(self):
        tls = Authority(self.directory).issue("tokens").server_context()
        with TokenServer((200, {"access_token": TOKEN}), tls=tls) as tokens:
            server = self.server()
            self.sign_in(server, *self.lines(tokens), code=5, password=None, says="certificate")
        self.assertEqual((server.attempts, tokens.forms), ([], []))

    def test_for_another_mailbox(self):
        for name, half in self.MECHANISMS:
            server = self.server(name, lambda _user, token, half=half: half("shared", token))
            self.sign_in(server, f"oauth2_access_token = {TOKEN}", "remote_identity = shared",
                         password=None)


if __name__ == "__main__":
    unittest.main(verbosity=2)
