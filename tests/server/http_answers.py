# SPDX-License-Identifier: Apache-2.0
"""What the tests' small HTTP servers have in common."""

import http.server


class Answers(http.server.BaseHTTPRequestHandler):
    """Says nothing of what it does."""

    def answer(self, status, text):
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass
