# SPDX-License-Identifier: Apache-2.0
"""The server's halves of SASL mechanisms, for ScriptedServer; right ones, and ones that cheat.

Each is made for one user and password, and is a function of the conversation and the initial response.
"""
import base64
import hashlib
import hmac
import os
import re

NO = "NO [AUTHENTICATIONFAILED] not you"


def verdict(right):
    return "OK come in" if right else NO


def plain(user, password, identity=""):
    def run(conversation, initial):
        said = conversation.ask() if initial is None else initial
        return verdict(said == f"{identity}\0{user}\0{password}".encode())
    return run


def login(user, password):
    def run(conversation, _initial):
        said = conversation.ask(b"Username:"), conversation.ask(b"Password:")
        return verdict(said == (user.encode(), password.encode()))
    return run


def cram_md5(user, password):
    def run(conversation, _initial):
        challenge = b"<1.2@localhost>"
        digest = hmac.new(password.encode(), challenge, "md5").hexdigest()
        return verdict(conversation.ask(challenge) == f"{user} {digest}".encode())
    return run


def external(identity=""):
    def run(conversation, initial):
        said = conversation.ask() if initial is None else initial
        return verdict(conversation.client_certificate is not None and said == identity.encode())
    return run


def digest_md5(user, password, identity="", proves=True):
    """RFC 2831 section 2.1."""
    def md5(data):
        return hashlib.md5(data).digest()

    def run(conversation, _initial):
        said = conversation.ask(
            b'realm="example.org",nonce="abc123",qop="auth",charset=utf-8,algorithm=md5-sess').decode()
        fields = dict(re.findall(r'([a-z-]+)="?((?:[^",\\]|\\.)*)"?(?:,|$)', said))
        fields = {name: re.sub(r"\\(.)", r"\1", value) for name, value in fields.items()}

        def response(method):
            secret = md5(f"{user}:{fields.get('realm', '')}:{password}".encode())
            a1 = secret + f":{fields['nonce']}:{fields['cnonce']}".encode()
            if identity:
                a1 += f":{identity}".encode()
            a2 = f"{method}:{fields['digest-uri']}".encode()
            key = f":{fields['nonce']}:{fields['nc']}:{fields['cnonce']}:{fields['qop']}:".encode()
            return md5(md5(a1).hex().encode() + key + md5(a2).hex().encode()).hex()
        if fields["response"] != response("AUTHENTICATE") or fields.get("authzid", "") != identity:
            return NO
        conversation.ask(f"rspauth={response('') if proves else '0' * 32}".encode())
        return "OK come in"
    return run


def xoauth2(user, token, status="401"):
    def run(conversation, initial):
        said = conversation.ask() if initial is None else initial
        if said == f"user={user}\x01auth=Bearer {token}\x01\x01".encode():
            return "OK come in"
        error = f'{{"status":"{status}","schemes":"bearer","scope":"https://mail.example/"}}'
        assert conversation.ask(error.encode()) == b""
        return "NO SASL authentication failed"
    return run


def oauthbearer(user, token):
    def run(conversation, initial):
        said = conversation.ask() if initial is None else initial
        head, *fields = said.split(b"\x01")
        if head == f"n,a={user},".encode() and f"auth=Bearer {token}".encode() in fields:
            return "OK come in"
        assert conversation.ask(b'{"status":"invalid_token"}') == b"\x01"
        return "NO [AUTHENTICATIONFAILED] token refused"
    return run


class Scram:
    """RFC 5802. What is false: `server_password` (it does not know the password), `iterations`,
    `changed_nonce`, `last` (instead of its proof: a text, or None = OK at once)."""

    def __init__(self, user, password, hash="sha256", identity="", iterations=4096, binding=None,
                 server_password=None, changed_nonce=False, last=True):
        self.user, self.password, self.hash, self.identity = user, password, hash, identity
        self.iterations, self.binding = iterations, binding
        self.server_password = password if server_password is None else server_password
        self.changed_nonce, self.last, self.flag = changed_nonce, last, None
        self.nonce, self.right = None, None

    def keyed(self, key, text):
        return hmac.new(key, text, self.hash).digest()

    def __call__(self, conversation, initial):
        first = (conversation.ask() if initial is None else initial).decode()
        flag, identity, bare = re.fullmatch(r"([^,]*),([^,]*),(.*)", first).groups()
        self.flag = flag
        name, nonce = re.fullmatch(r"n=([^,]*),r=(.*)", bare).groups()
        name = name.replace("=2C", ",").replace("=3D", "=")
        salt = os.urandom(12)
        other = "Y" if nonce[0] == "X" else "X"
        full = (other + nonce[1:] if self.changed_nonce else nonce) + "server"
        challenge = f"r={full},s={base64.b64encode(salt).decode()},i={self.iterations}"
        final = conversation.ask(challenge.encode()).decode()
        return self.judge(conversation, final, (flag, identity, name, bare, challenge, full, salt))

    def judge(self, conversation, final, said):
        flag, identity, name, bare, challenge, full, salt = said
        without, proof = re.fullmatch(r"(.*),p=([^,]*)", final).groups()
        message = f"{bare},{challenge},{without}".encode()

        def keys(password):
            salted = hashlib.pbkdf2_hmac(self.hash, password.encode(), salt, self.iterations)
            return self.keyed(salted, b"Client Key"), self.keyed(salted, b"Server Key")
        client = keys(self.password)[0]
        signature = self.keyed(hashlib.new(self.hash, client).digest(), message)
        right = bytes(a ^ b for a, b in zip(client, signature)) == base64.b64decode(proof)
        bound = f"{flag},{identity},".encode() + (self.binding(conversation) if self.binding else b"")
        right = right and without == f"c={base64.b64encode(bound).decode()},r={full}"
        self.right = right and name == self.user
        self.right = self.right and identity == (f"a={self.identity}" if self.identity else "")
        if not self.right and self.last is True and self.server_password == self.password:
            return NO
        proof = base64.b64encode(self.keyed(keys(self.server_password)[1], message)).decode()
        if self.last is not None:
            conversation.ask(b"v=" + proof.encode() if self.last is True else self.last)
        return "OK come in"


def tls_unique(conversation):
    return conversation.tls.get_channel_binding("tls-unique")
