# SPDX-License-Identifier: Apache-2.0
"""An IMAP server that signs people in by a script, with or without TLS, and remembers every byte.

It has one empty INBOX. What it says differs by `answers`: command -> text, or a function of the
conversation and the words of the command that returns such a text. `OK`, `NO` and `BAD` get the tag.
"""
import base64
import socket
import ssl
import threading


class Gone(Exception):
    """The client has hung up, or the script wants to."""


class Conversation:
    """One connection. `wire` is what came in as it was, `heard` the same after decryption."""

    def __init__(self, server, connection):
        self.server, self.connection = server, connection
        connection.settimeout(20)
        self.wire, self.heard, self.lines, self.rest = b"", b"", [], b""
        self.tls = self.incoming = self.outgoing = None
        self.handshake_failure = self.client_certificate = None
        self.tag = ""

    # ------------------------------------------------------------------ bytes

    def receive(self):
        data = self.connection.recv(65536)
        self.wire += data
        if not data:
            raise Gone
        return data

    def send_bytes(self, data):
        if self.tls:
            self.tls.write(data)
            data = self.outgoing.read()
        self.connection.sendall(data)

    def say(self, line):
        self.send_bytes((line + "\r\n").encode())

    def more(self):
        if not self.tls:
            return self.receive()
        while True:
            try:
                data = self.tls.read(65536)
                if not data:
                    raise Gone
                return data
            except ssl.SSLWantReadError:
                self.connection.sendall(self.outgoing.read())
                self.incoming.write(self.receive())
            except ssl.SSLError as error:
                self.connection.sendall(self.outgoing.read())  # an alert
                raise Gone from error

    def start_tls(self, context):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        try:
            while True:
                try:
                    tls.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    self.connection.sendall(self.outgoing.read())
                    self.incoming.write(self.receive())
            self.connection.sendall(self.outgoing.read())
        except (ssl.SSLError, Gone, OSError) as error:
            self.handshake_failure = error
            if isinstance(error, ssl.SSLError):
                self.connection.sendall(self.outgoing.read())  # the alert
            raise Gone from error
        self.tls = tls
        self.client_certificate = tls.getpeercert(True)

    def line(self):
        while b"\r\n" not in self.rest:
            data = self.more()
            self.heard += data
            self.rest += data
        line, self.rest = self.rest.split(b"\r\n", 1)
        self.lines.append(line)
        return line

    def command(self):
        """The words of the next command, its literals among them."""
        line = self.line()
        while line.endswith(b"}"):
            size = int(line[line.rindex(b"{") + 1:-1].rstrip(b"+"))
            if not line.endswith(b"+}"):
                self.say("+ go on")
            while len(self.rest) < size:
                data = self.more()
                self.heard += data
                self.rest += data
            literal, self.rest = self.rest[:size], self.rest[size:]
            line = line[:line.rindex(b"{")] + quoted(literal) + self.line()
        return split(line)

    # ------------------------------------------------------------------ IMAP

    def serve(self):
        server = self.server
        if server.tls and not server.starttls:
            self.start_tls(server.tls)
        if server.greet:
            server.greet(self)
        self.say(server.greeting or f"* OK [CAPABILITY {server.capability}] ready")
        while True:
            tag, command, *words = self.command()
            self.tag, command = tag.decode(), command.decode().upper()
            server.note(command, words)
            answer = self.answer_to(command, words)
            if answer is not None:
                self.say(f"{self.tag} {answer}")
            if command == "LOGOUT":
                raise Gone

    def answer_to(self, command, words):
        try:
            if command not in self.server.answers:
                return self.by_heart(command, words)
            answer = self.server.answers[command]
            return answer(self, words) if callable(answer) else answer
        except Refused:
            return "BAD ended by you"

    def by_heart(self, command, words):
        if command in ("LIST", "LSUB"):
            if words[-1] != b'':
                self.say('* LIST () "/" INBOX')
        elif command == "CAPABILITY":
            secured = self.tls and self.server.secured
            self.say(f"* CAPABILITY {secured or self.server.capability}")
        elif command == "STARTTLS":
            self.say(f"{self.tag} OK begin")
            self.start_tls(self.server.tls)
            return None
        elif command == "AUTHENTICATE":
            return self.authenticate(words)
        elif command == "STATUS":
            self.say("* STATUS INBOX (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1)")
        elif command in ("SELECT", "EXAMINE"):
            for line in ("0 EXISTS", "0 RECENT", "OK [UIDVALIDITY 1] here", "OK [UIDNEXT 1] next",
                         "FLAGS (\\Seen \\Deleted)"):
                self.say("* " + line)
        return "OK done"

    def authenticate(self, words):
        mechanism = words[0].decode().upper()
        sasl = self.server.sasl[mechanism]
        initial = words[1] if len(words) > 1 else None
        return sasl(self, None if initial is None else base64.b64decode(initial.rstrip(b"=") + b"=="))

    def ask(self, challenge=b""):
        """The client's answer to a challenge; Gone when it does not want to go on."""
        self.say("+ " + base64.b64encode(challenge).decode())
        line = self.line()
        if line == b"*":
            raise Refused
        return base64.b64decode(line)


class Refused(Exception):
    """The client has ended a sign-in by `*`."""


def quoted(data):
    return b'"' + data.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def split(line):
    """Atoms and strings of a command."""
    words, at = [], 0
    while at < len(line):
        if line[at:at + 1] == b" ":
            at += 1
        elif line[at:at + 1] == b'"':
            word, at = b"", at + 1
            while line[at:at + 1] != b'"':
                at += line[at:at + 1] == b"\\"
                word += line[at:at + 1]
                at += 1
            at += 1
            words.append(word)
        else:
            end = line.find(b" ", at)
            end = len(line) if end < 0 else end
            words.append(line[at:end])
            at = end
    return words


class ScriptedServer:
    """with ScriptedServer(capability="IMAP4rev1 AUTH=PLAIN") as server: server.port

    `tls`: an ssl.SSLContext, spoken from the first byte or, with `starttls`, after that command;
    `secured`: the capabilities under TLS where they differ; `sasl`: mechanism -> function of the
    conversation and the initial response (or None) that returns the answer.
    """

    def __init__(self, capability="IMAP4rev1 SASL-IR AUTH=PLAIN", greeting=None, answers=(),
                 tls=None, starttls=False, secured=None, sasl=(), host="127.0.0.1"):
        self.capability, self.greeting, self.answers = capability, greeting, dict(answers)
        self.tls, self.starttls, self.secured, self.sasl = tls, starttls, secured, dict(sasl)
        self.host, self.conversations, self.sni, self.failures = host, [], [], []
        self.commands, self.greet = [], None
        if tls:
            tls.sni_callback = lambda _socket, name, _context: self.sni.append(name)

    def __enter__(self):
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        self.listener = socket.create_server((self.host, 0), family=family)
        self.port = self.listener.getsockname()[1]
        self.threads = [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(30)

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            conversation = Conversation(self, connection)
            self.conversations.append(conversation)
            thread = threading.Thread(target=self.serve, args=(conversation,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def serve(self, conversation):
        with conversation.connection:
            try:
                conversation.serve()
            except (Gone, OSError, ssl.SSLError):
                pass
            except Exception as error:  # the test looks at it
                self.failures.append(error)
                raise

    def note(self, command, words):
        self.commands.append((command, words))

    def count(self, *commands):
        return sum(command in commands for command, _ in self.commands)

    @property
    def attempts(self):
        """How each sign-in was tried: LOGIN, or the mechanism's name."""
        return ["LOGIN" if command == "LOGIN" else words[0].decode().upper()
                for command, words in self.commands if command in ("LOGIN", "AUTHENTICATE")]

    @property
    def bytes(self):
        """All that came in, encrypted and decrypted."""
        return b"\n".join(part for c in self.conversations for part in (c.wire, c.heard))
