# SPDX-License-Identifier: Apache-2.0
"""TLS of the whole program against a scripted server: what is refused hears no secret."""
import os
import ssl
import tempfile
import time
import unittest
import unittest.mock
import warnings

from certificates import Authority, self_signed
from mechanisms import external, plain
from scripted import Gone, ScriptedServer
from scripted_account import PASSWORD, USER, ScriptedTest


class Secured(ScriptedTest):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="offlineimap-certificates-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.authority = Authority(cls.folder.name)
        cls.good = cls.authority.issue("good")
        cls.trust = f"sslcacertfile = {cls.authority.file}"

    def issue(self, **settings):
        return self.authority.issue(self._testMethodName[:40], **settings)

    def server(self, certificate=None, **settings):
        context = (certificate or self.good).server_context()
        settings.setdefault("sasl", {"PLAIN": plain(USER, PASSWORD)})
        return ScriptedServer(tls=settings.pop("tls", context), **settings)

    def in_form(self, text, size=2):
        return ":".join(text[i:i + size] for i in range(0, len(text), size)).upper()


class Certificates(Secured):
    def test_a_good_one_is_accepted(self):
        server = self.server()
        self.try_with(server, self.trust)
        self.assertEqual(server.attempts, ["PLAIN"])

    def test_the_wrong_host_name(self):
        self.assert_refused(
            self.server(self.issue(names="DNS:other.example,DNS:*.example.org")), self.trust,
            says="certificate is refused: it is for other.example, *.example.org, not for localhost")

    def test_a_name_beyond_ascii(self):
        """libcurl knows that localhost and what is below it are this machine."""
        good = self.issue(names="DNS:xn--bcher-kva.localhost")
        server = self.server(good)
        self.try_with(server, self.trust, host="bücher.localhost")
        self.assertEqual(server.sni, ["xn--bcher-kva.localhost"])
        self.assert_refused(self.server(good), self.trust, host="bucher.localhost",
                            says="it is for xn--bcher-kva.localhost, not for bucher.localhost")

    def test_a_common_name_is_no_host_name(self):
        self.assert_refused(self.server(self.issue(names="DNS:other.example", subject="localhost")),
                            self.trust, says="not for localhost")

    def test_an_expired_one(self):
        self.assert_refused(self.server(self.issue(days=-1)), self.trust, says="it expired on 2")

    def test_a_self_signed_one(self):
        self.assert_refused(self.server(self_signed(self.folder.name)), self.trust,
                            says="it is self-signed and not known here")

    def test_an_unknown_authority(self):
        self.assert_refused(self.server(), says="its issuer is not known here: CN=Test authority")
        stranger = Authority(self.folder.name, "stranger")
        self.assert_refused(self.server(), f"sslcacertfile = {stranger.file}",
                            says="its issuer is not known here: CN=Test authority")

    def test_the_systems_authorities_are_taken(self):
        with unittest.mock.patch.dict("os.environ", {"SSL_CERT_FILE": str(self.authority.file)}):
            for lines in ([], ["sslcacertfile = OS-DEFAULT"]):
                self.try_with(self.server(), *lines)
            self.assert_refused(self.server(self.issue(names="DNS:other.example")),
                                says="it is for other.example")

    def test_os_default_is_the_systems(self):
        self.assert_refused(self.server(), "sslcacertfile = OS-DEFAULT",
                            says="its issuer is not known here")

    def test_an_address_in_it(self):
        for host in ("127.0.0.1", "::1"):
            server = self.server(host=host)
            self.try_with(server, self.trust, host=host)
            self.assertEqual(server.sni, [None], "an address is no name")

    def test_an_address_that_is_not_in_it(self):
        for host in ("127.0.0.1", "::1"):
            names = self.issue(names=f"DNS:localhost,DNS:{host},IP:192.0.2.7,IP:2001:db8::7")
            self.assert_refused(self.server(names, host=host), self.trust, host=host,
                                says=f"192.0.2.7, 2001:db8::7, not for {host}")

    def test_the_name_is_told_to_the_server(self):
        server = self.server()
        self.try_with(server, self.trust, host="LocalHost")
        self.assertEqual([name.lower() for name in server.sni], ["localhost"])

    def test_no_certificate_file(self):
        with self.server() as server:
            done = self.run_with(server, "sslcacertfile = /nonexistent/ca.pem")
        self.assertEqual((done.returncode, server.bytes), (3, b""))
        self.assertIn("sslcacertfile", done.stdout)


class Fingerprints(Secured):
    def setUp(self):
        super().setUp()
        self.odd = self.authority.issue("odd", names="DNS:other.example", days=-1)
        self.wrong = self.good.fingerprint()

    def test_one_of_several_alone_decides(self):
        for algorithm in ("sha1", "sha224", "sha256", "sha384", "sha512"):
            right = self.odd.fingerprint(algorithm)
            for form in (right, right.upper(), self.in_form(right)):
                self.try_with(self.server(self.odd), f"cert_fingerprint = {self.wrong}, {form}")

    def test_none_of_several(self):
        self.assert_refused(
            self.server(self.odd),
            f"cert_fingerprint = {self.wrong}, {self.in_form(self.good.fingerprint('sha1'))}",
            says=[self.odd.fingerprint(), "none of those in cert_fingerprint"])

    def test_the_right_one_does_not_excuse_a_certificate_where_an_authority_is_named(self):
        self.assert_refused(self.server(self.odd), self.trust,
                            f"cert_fingerprint = {self.odd.fingerprint()}",
                            says="certificate is refused: it is for other.example")
        self.assert_refused(self.server(), self.trust,
                            f"cert_fingerprint = {self.odd.fingerprint()}",
                            says="none of those in cert_fingerprint")

    def test_a_malformed_one_is_refused_before_anything_is_sent(self):
        for form in ("abcd", "sha256:" + self.wrong, self.wrong[:-1] + "g", self.wrong + "00"):
            with self.server() as server:
                done = self.run_with(server, f"cert_fingerprint = {form}")
            self.assertEqual((done.returncode, server.bytes), (3, b""), form)
            self.assertIn("cert_fingerprint", done.stdout)


class ClientCertificates(Secured):
    def strict(self, highest=None):
        context = self.good.server_context()
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(self.authority.file)
        if highest:
            context.maximum_version = highest
        return context

    def test_is_shown_and_signs_in(self):
        own = self.authority.issue("joe", names="email:joe@example.org", subject=USER)

        for lines in ([f"sslclientcert = {own.both}"],
                      [f"sslclientcert = {own.file}", f"sslclientkey = {own.key}"]):
            server = self.server(tls=self.strict(), sasl={"EXTERNAL": external()},
                                 capability="IMAP4rev1 SASL-IR AUTH=EXTERNAL AUTH=PLAIN")
            self.try_with(server, self.trust, *lines)
            self.assertEqual(server.attempts, ["EXTERNAL"])

    def test_is_shown_behind_starttls(self):
        own = self.authority.issue("joe")
        server = self.server(tls=self.strict(), starttls=True, secured="IMAP4rev1 AUTH=EXTERNAL",
                             capability="IMAP4rev1 STARTTLS", sasl={"EXTERNAL": external()})
        self.try_with(server, self.trust, "ssl = no", f"sslclientcert = {own.both}")
        self.assertEqual(server.attempts, ["EXTERNAL"])

    def test_is_missing(self):
        for highest in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.assert_refused(self.server(tls=self.strict(highest)), self.trust,
                                says="the server wants a client certificate: set sslclientcert")

    def test_is_of_an_authority_that_the_server_does_not_know(self):
        stranger = Authority(self.folder.name, "stranger").issue("stranger-joe")
        self.assert_refused(self.server(tls=self.strict()), self.trust,
                            f"sslclientcert = {stranger.both}",
                            says="the server refuses the client certificate in sslclientcert")

    def test_a_key_of_another(self):
        own = self.authority.issue("joe")
        with self.server(tls=self.strict()) as server:
            done = self.run_with(server, self.trust, f"sslclientcert = {own.file}",
                                 f"sslclientkey = {self.good.key}")
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("sslclient", done.stdout)
        self.assertEqual(server.attempts, [])


class Versions(Secured):
    def only(self, lowest, highest):
        context = self.good.server_context()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version, context.maximum_version = lowest, highest
        return context

    def test_old_ones_are_refused(self):
        V = ssl.TLSVersion
        for lowest, highest in ((V.TLSv1, V.TLSv1), (V.TLSv1_1, V.TLSv1_1), (V.TLSv1, V.TLSv1_1)):
            for starttls in (False, True):
                server = self.server(tls=self.only(lowest, highest), starttls=starttls,
                                     capability="IMAP4rev1 STARTTLS AUTH=PLAIN")
                self.assert_refused(server, self.trust, *(["ssl = no"] if starttls else []),
                                    says="the server speaks no version of TLS that is safe")

    def test_ssl_version_is_kept_to(self):
        V = ssl.TLSVersion
        for version, other, own in (("tls1_2", V.TLSv1_3, V.TLSv1_2), ("tls1_3", V.TLSv1_2, V.TLSv1_3)):
            self.assert_refused(self.server(tls=self.only(other, other)), self.trust,
                                f"ssl_version = {version}", says="TLS with localhost")
            self.try_with(self.server(tls=self.only(own, own)), self.trust, f"ssl_version = {version}")
        for version in ("ssl23", "SSL23"):
            for only in (V.TLSv1_2, V.TLSv1_3):
                self.try_with(self.server(tls=self.only(only, only)), self.trust,
                              f"ssl_version = {version}")

    def test_insecure_ones_are_refused_by_name(self):
        for version in ("ssl2", "ssl3", "tls1", "tls1_1", "TLS1_1", "tls9"):
            for level in ("tls_compat", "tls_no_ssl", "tls_secure"):
                with self.server() as server:
                    done = self.run_with(server, self.trust, f"ssl_version = {version}",
                                         f"tls_level = {level}")
                self.assertEqual((done.returncode, server.bytes), (3, b""), done.stdout)
                self.assertIn("ssl_version", done.stdout)
                self.assertIn(version.lower(), done.stdout)

    def test_levels_are_those_of_the_original(self):
        for level in ("tls_secure", "tls_no_ssl", "tls_compat"):
            for version in ([], ["ssl_version = tls1_2"]):
                self.try_with(self.server(), self.trust, f"tls_level = {level}", *version)
        with self.server() as server:
            done = self.run_with(server, self.trust, "tls_level = tls_none")
        self.assertEqual((done.returncode, server.bytes), (3, b""))
        self.assertIn("tls_none", done.stdout)


class Starttls(Secured):
    def server(self, **settings):
        settings.setdefault("capability", "IMAP4rev1 STARTTLS SASL-IR AUTH=PLAIN")
        return super().server(starttls=True, **settings)

    def test_signs_in_behind_it(self):
        server = self.server()
        self.try_with(server, self.trust, "ssl = no")
        self.assertEqual(server.attempts, ["PLAIN"])
        self.assertNotIn(b"AUTHENTICATE", server.conversations[0].wire)
        self.assertEqual(server.sni, ["localhost"])

    def test_verifies_as_without_it(self):
        self.assert_refused(self.server(), "ssl = no", says="its issuer is not known here")
        self.assert_refused(self.server(), "ssl = no", f"cert_fingerprint = {'0' * 40}",
                            says="none of those in cert_fingerprint")
        self.try_with(self.server(), "ssl = no", f"cert_fingerprint = {self.good.fingerprint()}")

    def test_is_missing(self):
        for capability in ("IMAP4rev1 SASL-IR AUTH=PLAIN", "IMAP4rev1 AUTH=CRAM-MD5", "IMAP4rev1"):
            self.assert_refused(self.server(capability=capability), self.trust, "ssl = no",
                                says="the server does not offer STARTTLS")

    def test_is_refused(self):
        for answer in ("NO not today", "BAD what", "NO [UNAVAILABLE] later"):
            self.assert_refused(self.server(answers={"STARTTLS": answer}), self.trust, "ssl = no",
                                says=["start TLS with localhost", answer])

    def test_is_followed_by_injected_data(self):
        for injected in ("* CAPABILITY IMAP4rev1 AUTH=LOGIN\r\n", "A2 OK [CAPABILITY IMAP4rev1] x\r\n",
                         "* OK", "+ go on\r\n", "x", "\r\n"):
            def answer(conversation, _words, injected=injected):
                conversation.send_bytes(f"{conversation.tag} OK begin\r\n{injected}".encode())
                conversation.start_tls(self.good.server_context())
            self.assert_refused(
                self.server(answers={"STARTTLS": answer}), self.trust, "ssl = no",
                says="data came in the clear with the answer to STARTTLS")

    def test_is_followed_by_plain_data_where_the_handshake_should_be(self):
        def answer(conversation, _words):
            conversation.say(f"{conversation.tag} OK begin")
            conversation.receive()  # the client's first words of the handshake
            conversation.say("* CAPABILITY IMAP4rev1 AUTH=PLAIN")
            conversation.receive()
        self.assert_refused(self.server(answers={"STARTTLS": answer}), self.trust, "ssl = no",
                            says="the server does not begin TLS after STARTTLS")

    def test_capabilities_are_asked_for_again(self):
        server = self.server(capability="IMAP4rev1 STARTTLS LOGINDISABLED AUTH=CRAM-MD5",
                             secured="IMAP4rev1 SASL-IR AUTH=PLAIN")
        self.try_with(server, self.trust, "ssl = no")
        commands = [command for command, _ in server.commands]
        self.assertEqual(commands[:3], ["STARTTLS", "CAPABILITY", "AUTHENTICATE"])
        self.assertEqual(server.attempts, ["PLAIN"])

    def test_nothing_of_before_is_believed(self):
        server = self.server(secured="IMAP4rev1 LOGINDISABLED")
        self.assert_refused(server, self.trust, "ssl = no", code=4, says="the server offers none")

    def test_nothing_that_was_put_in_before_it_counts_or_is_shown(self):
        def starttls(conversation, _words):
            conversation.say("* NO [ALERT] call 0900 12345 at once")
            conversation.say('* ID ("name" "0900")')
            conversation.say("* ENABLED UTF8=ACCEPT QRESYNC")
            conversation.say(f"{conversation.tag} OK begin")
            conversation.start_tls(conversation.server.tls)
        def listing(conversation, words):
            if words[-1] != b"":
                conversation.say('* LIST () "/" "Entw&APw-rfe"')
            return "OK done"
        server = self.server(
            capability="IMAP4rev1 STARTTLS ENABLE CONDSTORE QRESYNC UTF8=ACCEPT AUTH=PLAIN",
            secured="IMAP4rev1 SASL-IR AUTH=PLAIN", answers={"STARTTLS": starttls, "LIST": listing})
        done = self.try_with(server, self.trust, "ssl = no", arguments=["-u", "basic"])
        self.assertNotIn("0900", done.stdout + done.stderr)
        self.assertEqual(os.listdir(os.path.join(self.directory, "mail")), ["Entw&APw-rfe"])

    def test_a_server_that_signs_us_in_by_itself_is_refused(self):
        server = self.server(greeting="* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] come in")
        self.assert_refused(server, self.trust, "ssl = no", says="before TLS could start: refused")

    def test_a_connection_that_ends(self):
        def gone(conversation, _words):
            raise Gone
        self.assert_refused(self.server(answers={"STARTTLS": gone}), self.trust, "ssl = no")

    def test_both_switched_off_says_so_and_signs_in(self):
        server = self.server(capability="IMAP4rev1 SASL-IR AUTH=PLAIN")
        self.try_with(server, "ssl = no", "starttls = no")
        self.assertEqual(server.attempts, ["PLAIN"])


class Silence(Secured):
    """Of a server that falls silent under TLS: it ends within its deadline and says where."""

    ONE_SECOND = "socktimeout = 1"

    def check(self, server, says, *lines):
        begun = time.monotonic()
        done = self.try_with(server, self.trust, self.ONE_SECOND, *lines, code=5, says=says)
        self.assertLess(time.monotonic() - begun, 15)
        self.assertEqual(len(done.stdout.splitlines() + done.stderr.splitlines()), 1, done)
        return done

    def mute(self, conversation):
        conversation.more()  # until the client hangs up

    def test_before_the_greeting(self):
        for starttls in (False, True):
            server = self.server(starttls=starttls)
            server.greet = self.mute
            self.check(server, ["localhost:", "no answer in time"],
                       *(["ssl = no"] if starttls else []))
            self.assert_no_secret(server)

    def test_after_starttls(self):
        server = self.server(starttls=True, capability="IMAP4rev1 STARTTLS", answers={
            "CAPABILITY": lambda conversation, _: self.mute(conversation) if conversation.tls
            else conversation.server.capability and "OK done"})
        server.greeting = "* OK [CAPABILITY IMAP4rev1 STARTTLS] ready"
        self.check(server, "no answer in time", "ssl = no")
        self.assert_no_secret(server)

    def test_after_a_part_of_the_greeting(self):
        server = self.server()
        def greet(conversation):
            conversation.send_bytes(b"* OK [CAPAB")
            self.mute(conversation)
        server.greet = greet
        self.check(server, "no answer in time")
        self.assert_no_secret(server)

    def test_in_the_middle_of_the_answer_to_a_sign_in(self):
        def half(conversation, *_):
            conversation.send_bytes(f"{conversation.tag} OK [CAPAB".encode())
            self.mute(conversation)
        def halfway(conversation, *_):
            conversation.send_bytes(b"+ PDEuMj")
            self.mute(conversation)
        for mechanism, answer in (("PLAIN", half), ("CRAM-MD5", halfway), ("PLAIN", halfway)):
            server = self.server(capability=f"IMAP4rev1 SASL-IR AUTH={mechanism} LOGINDISABLED",
                                 sasl={mechanism: answer})
            self.check(server, "no answer in time")
        server = self.server(capability="IMAP4rev1", answers={"LOGIN": half})
        self.check(server, "no answer in time")

    def test_in_the_middle_of_a_record(self):
        """Half of what TLS sends at once cannot be decrypted."""
        server = self.server()
        def greet(conversation):
            conversation.tls.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
            data = conversation.outgoing.read()
            conversation.connection.sendall(data[:len(data) // 2])
            self.mute(conversation)
        server.greet = greet
        self.check(server, "no answer in time")
        self.assert_no_secret(server)


class WrongPorts(Secured):
    def test_a_server_without_tls_from_the_first_byte(self):
        server = ScriptedServer()
        self.assert_refused(server, self.trust, says="does not speak TLS on this port")

    def test_a_server_with_tls_where_starttls_was_expected(self):
        server = self.server()
        self.assert_refused(server, self.trust, "ssl = no", "socktimeout = 2")


if __name__ == "__main__":
    unittest.main(verbosity=2)
