# SPDX-License-Identifier: Apache-2.0
"""What a server may say that it should not, and when."""
from odd_server import Close, Mischief

HUGE = 99999999999999999999
TOP = 2**32 - 1

# Allowed by the RFCs, or so common that it must be passed over: the run goes well.
UNASKED = {
    "exists": b"* 900 EXISTS\r\n* 0 RECENT\r\n",
    "fewer exist": b"* 0 EXISTS\r\n",
    "expunge": b"* 1 EXPUNGE\r\n",
    "flags by number": b"* 2 FETCH (FLAGS (\\Deleted \\Seen))\r\n",
    "flags of another": b"* 2 FETCH (UID 4000000 FLAGS (\\Deleted))\r\n",
    "text of another": b"* 9 FETCH (UID 4000000 FLAGS () BODY[] {5}\r\nhello)\r\n",
    "unknown": b"* FROBNICATE (a b {3}\r\nc)d \"e\" [f])\r\n* 7 FROBNICATE now\r\n* X-MORE\r\n",
    "search": b"* SEARCH\r\n",
    "search tag": b'* ESEARCH (TAG "nobody") UID ALL 1:4294967295\r\n',
    "metadata": b'* METADATA "" (/shared/comment NIL)\r\n* QUOTA "" (STORAGE 10 512)\r\n',
    "ok": b"* OK still here\r\n* NO take care\r\n* BAD what was that\r\n",
    "codes": b"* OK [X-NEWS (a [b] \"]\")] x\r\n* OK [PARSE] x\r\n* OK [] x\r\n* OK [\r\n",
    "alert": b"* OK [ALERT] \x1b[31mred\x07 \x9b2J \xff\xfe \x00 end\r\n",
    "list": b'* LIST () "/" "Nobody asked"\r\n* LSUB () NIL x\r\n',
    "status": b'* STATUS "Nobody asked" (MESSAGES 1 UIDNEXT 4294967295)\r\n',
    "enabled": b"* ENABLED CONDSTORE\r\n",
    "flags": b"* FLAGS ()\r\n",
    "empty line": b"\r\n\r\n",
    "bare line end": b"* OK bare\n",
    "plus": b"+ go on\r\n",
    "two pluses": b"+ go on\r\n+\r\n",
}
# What no run can go well with; it must end, and say why.
NONSENSE = {
    "wrong tag": b"X99 OK who asked\r\n",
    "early answers": b"".join(b"A%d OK early\r\n" % n for n in range(1, 400)),
    "http": b"HTTP/1.1 400 Bad Request\r\n\r\n<html>\r\n",
    "nul": b"\x00" * 500 + b"\r\n",
    "random": bytes(range(256)) * 16 + b"\r\n",
    "10 MB": b"x" * 10_000_000 + b"\r\n",
    "10 MB untagged": b"* OK " + b"x" * 10_000_000 + b"\r\n",
    "endless line": b"* " + b"A" * 40_000_000,
    "nesting": b"* 1 FETCH (X " + b"(" * 100_000 + b"\r\n",
    "deep list": b"* LIST " + b"(" * 100_000 + b")" * 100_000 + b"\r\n",
    "literal 4 GB": b"* LIST () \"/\" {4294967295}\r\n",
    "literal too large": b"* LIST () \"/\" {%d}\r\n" % HUGE,
    "literal negative": b"* LIST () \"/\" {-1}\r\nx\r\n",
    "text too large": b"* 1 FETCH (UID 2 FLAGS () BODY[] {%d}\r\nx)\r\n" % HUGE,
    "text of 4 GB": b"* 1 FETCH (UID 2 FLAGS () BODY[] {4294967295}\r\nx)\r\n",
    "uid 0": b"* 1 FETCH (UID 0 FLAGS ())\r\n",
    "uid 2^32": b"* 1 FETCH (UID 4294967296 FLAGS ())\r\n",
    "number 0": b"* 0 FETCH (UID 2 FLAGS ())\r\n",
    "exists too many": b"* %d EXISTS\r\n" % HUGE,
    "unbalanced": b"* 1 FETCH (FLAGS (\\Seen UID 2\r\n",
    "too many )": b"* 1 FETCH (UID 4000000))))))\r\n",
    "nil": b"* LIST NIL NIL NIL\r\n* STATUS NIL NIL\r\n* 1 FETCH NIL\r\n",
    "nil in fetch": b"* 1 FETCH (UID NIL FLAGS NIL BODY[] NIL INTERNALDATE NIL)\r\n",
    "vanished": b"* VANISHED 1:x\r\n",
    "bye": b"* BYE I have had enough\r\n",
    "bye unavailable": b"* BYE [UNAVAILABLE] later\r\n",
    "bye quota": b"* BYE [OVERQUOTA] bandwidth\r\n",
    "bye limit": b"* BYE [LIMIT] too many connections\r\n",
}


class Inject(Mischief):
    """Says something beside the answer to the n-th command of a verb, in the first connection, or
    in all."""

    def __init__(self, what, where, verb, number=1, once=True, then_close=False):
        self.what, self.where, self.verb, self.number = what, where, verb, number
        self.once, self.then_close, self.count, self.happened = once, then_close, 0, False

    def _now(self, verb):
        if verb != self.verb or (self.once and self.happened):
            return False
        self.count += 1
        self.happened = self.happened or self.count >= self.number
        return self.count == self.number or (not self.once and self.count >= self.number)

    def greeting(self, connection, line):
        if not self._now("greeting"):
            return line
        return self._put(connection, b"", [line], b"")

    def answer(self, connection, command, untagged, tagged):
        whole = b"".join(untagged)
        if not self._now(command.verb):
            return whole + tagged
        return self._put(connection, whole, [tagged], tagged)

    def _put(self, connection, untagged, last, _):
        before = {"before": self.what + untagged, "between": untagged + self.what,
                  "instead": self.what, "after": untagged}[self.where]
        rest = {"before": last[0], "between": last[0], "instead": b"",
                "after": last[0] + self.what}[self.where]
        if self.then_close:
            connection.send(before)
            raise Close
        return before + rest


class Rewrite(Mischief):
    """Makes something else of each answer to a verb."""

    def __init__(self, verb, change, once=False):
        self.verb, self.change, self.once, self.happened = verb, change, once, False

    def greeting(self, connection, line):
        return self.change(line) if self.verb == "greeting" else line

    def answer(self, connection, command, untagged, tagged):
        whole = b"".join(untagged) + tagged
        if command.verb not in (self.verb, "UID " + self.verb) or (self.once and self.happened):
            return whole
        self.happened = True
        return self.change(whole)
