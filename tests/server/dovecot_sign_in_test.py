# SPDX-License-Identifier: Apache-2.0
"""Signing in at a real Dovecot, by each mechanism that it has."""
import base64
import os
import subprocess
import tempfile
import time
import unittest
import unittest.mock

import kerberos
from account import text
from cases import ProgramTest
from certificates import Authority
from dovecot import PASSWORD
from introspection import Introspection

MECHANISMS = ["PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"]
PASSWORDS = ["with spaces  in it", "quo\"tes'", "back\\slash\\\\", "größe ☃ 𝄞", "100%s %(x)s %",
             "x" * 200, "a,b=c;d:e{3}"]


class SignInTest(ProgramTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="offlineimap-sign-in-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)  # Dovecot's auth process is another user

    def start(self, mechanisms, *extra, environment=None):
        server = self.serve(extra="\n".join([f"auth_mechanisms = {mechanisms.lower()}", *extra]))
        self.account_ = self.account(server)
        self.account_.append("INBOX", text("hello"))
        return server

    def sign_in(self, *lines, password=PASSWORD, code=0, tls=True):
        server = self.account_.server
        file = self.account_.directory / "password"
        file.write_text(password)
        file.chmod(0o600)
        transport = [f"sslcacertfile = {server.certificate}"] if tls else ["ssl = no", "starttls = no"]
        self.account_.configure(remote="\n".join([*transport, *lines]))
        rc = self.account_.rc.read_text().replace(f"remotepass = {PASSWORD}", f"remotepassfile = {file}")
        if tls:
            rc = rc.replace(f"remoteport = {server.port}", f"remoteport = {server.tls_port}")
        self.account_.rc.write_text(rc.replace("127.0.0.1", "localhost"))
        done = self.assert_synced(self.account_, code=code)
        if code == 0:
            self.assertEqual(len(self.account_.files("INBOX")), 1)
        return done


class Dovecot(SignInTest):
    def set_password(self, server, password):
        coded = base64.b64encode(password.encode()).decode()
        users = server.directory / "users"
        users.write_text(f"joe:{{PLAIN.b64}}{coded}\n")
        doveadm = ["doveadm", "-c", server.directory / "dovecot.conf"]
        subprocess.run([*doveadm, "reload"], check=True)
        for _ in range(100):  # for a while the old one answers
            done = subprocess.run([*doveadm, "auth", "test", "joe", password], capture_output=True)
            if done.returncode == 0:
                return
            time.sleep(0.1)

    def test_takes_each_mechanism(self):
        self.start(" ".join(MECHANISMS))
        for name in MECHANISMS:
            for tls in (True, False):
                self.sign_in(f"auth_mechanisms = {name}", tls=tls)

    def test_refuses_a_wrong_password_by_each(self):
        self.start(" ".join(MECHANISMS))
        for name in MECHANISMS:
            done = self.sign_in(f"auth_mechanisms = {name}", password="wrong one", code=4)
            self.assertIn("[AUTHENTICATIONFAILED]", done.stderr)
            self.assertNotIn("wrong one", done.stderr)

    def test_takes_passwords_of_all_kinds(self):
        server = self.start(" ".join(MECHANISMS))
        for password in PASSWORDS:
            self.set_password(server, password)
            for name in MECHANISMS:
                with self.subTest(password=password, mechanism=name):
                    self.sign_in(f"auth_mechanisms = {name}", password=password)

    def test_lets_a_master_act_as_somebody_else(self):
        file = f"{self.folder}/masters"
        with open(file, "w") as masters:
            masters.write("boss:{PLAIN}master\n")
        self.start(" ".join(MECHANISMS), f"passdb {{\n driver = passwd-file\n args = {file}\n"
                   " master = yes\n result_success = continue\n}")
        self.account_.user = "boss"
        for lines in (["auth_mechanisms = PLAIN"], []):
            self.sign_in("remote_identity = joe", *lines, password="master")

    def test_takes_a_certificate(self):
        authority = Authority(self.folder)
        own = authority.issue("own", subject="joe")
        self.start("external plain", f"ssl_ca = <{authority.file}", "ssl_verify_client_cert = yes",
                   "ssl_require_crl = no", "auth_ssl_username_from_cert = yes",
                   "passdb {\n driver = static\n mechanisms = external\n args = nopassword=y\n}")
        self.sign_in(f"sslclientcert = {own.both}", "auth_mechanisms = EXTERNAL", password="none")
        stranger = Authority(self.folder, "stranger").issue("theirs", subject="joe")
        done = self.sign_in(f"sslclientcert = {stranger.both}", "auth_mechanisms = EXTERNAL",
                            password="none", code=4)
        self.assertIn("sign in to localhost as joe", done.stderr)


class DovecotTokens(SignInTest):
    def test_are_taken_or_refused(self):
        with Introspection() as introspection:
            self.start("xoauth2 oauthbearer plain", introspection.passdb)
            for name in ("XOAUTH2", "OAUTHBEARER"):
                self.sign_in(f"auth_mechanisms = {name}", "oauth2_access_token = good.token")
                done = self.sign_in(f"auth_mechanisms = {name}", "oauth2_access_token = bad.token", code=4)
                self.assertNotIn("bad.token", done.stderr)
                self.assertIn("status", done.stderr)


@unittest.skipIf(kerberos.missing(), f"not installed: {kerberos.missing()}")
class Tickets(SignInTest):
    def test_sign_in_and_their_absence_is_told(self):
        with kerberos.Kerberos(self.folder) as realm:
            for name in ("KRB5_CONFIG", "KRB5CCNAME"):
                self.enterContext(unittest.mock.patch.dict("os.environ", {name: realm.environment[name]}))
            self.start("gssapi plain", f"auth_krb5_keytab = {realm.keytab}",
                       "auth_gssapi_hostname = localhost", "auth_username_format = %n",
                       f"import_environment = KRB5_CONFIG={realm.environment['KRB5_CONFIG']} TZ")
            done = self.sign_in("auth_mechanisms = GSSAPI", code=4)
            self.assertIn("no Kerberos ticket", done.stderr)
            self.sign_in()  # by PLAIN
            realm.get_ticket()
            self.sign_in("auth_mechanisms = GSSAPI", password="not used")
            self.sign_in(password="not used")
            realm.drop_ticket()
            self.sign_in("auth_mechanisms = GSSAPI", code=4)


if __name__ == "__main__":
    unittest.main(verbosity=2)
