# SPDX-License-Identifier: Apache-2.0
"""Tokens at a Dovecot: whom it asks whether one is good."""
import http.server
import json
import pathlib
import tempfile
import threading
import urllib.parse

import http_answers

SETTINGS = """introspection_mode = get
introspection_url = {url}
active_attribute = active
active_value = true
username_attribute = username
"""


class Introspection:
    """Says of the tokens in `good`, which may change, that they are joe's, or whose `users` says."""

    def __init__(self, good=("good.token",), users=None):
        self.good, self.users = good, users or {}

    def __enter__(self):
        outer = self

        class Handler(http_answers.Answers):
            def do_GET(self):
                token = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)["token"][0]
                known = {"active": token in outer.good, "username": outer.users.get(token, "joe")}
                self.answer(200, json.dumps(known))

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{self.server.server_port}/introspect?token="
        self.folder = tempfile.TemporaryDirectory(prefix="offlineimap-introspection-")
        folder = pathlib.Path(self.folder.name)
        folder.chmod(0o755)  # Dovecot's auth process is another user
        (folder / "oauth2.conf").write_text(SETTINGS.format(url=url))
        self.passdb = ("passdb {\n driver = oauth2\n mechanisms = xoauth2 oauthbearer\n"
                       f" args = {folder}/oauth2.conf\n}}")
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.folder.cleanup()
