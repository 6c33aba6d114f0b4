# SPDX-License-Identifier: Apache-2.0
"""Certificates for servers and clients in tests, made by openssl."""
import hashlib
import pathlib
import ssl
import subprocess

EC = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


class Certificate:
    """`file` has the certificate, `key` its key, `both` one after the other."""

    def __init__(self, directory, name):
        base = pathlib.Path(directory) / name
        self.file, self.key, self.both = (base.with_suffix(s) for s in (".pem", ".key", ".both"))

    def join(self):
        self.both.write_text(self.file.read_text() + self.key.read_text())
        return self

    def fingerprint(self, algorithm="sha256"):
        der = ssl.PEM_cert_to_DER_cert(self.file.read_text())
        return hashlib.new(algorithm, der).hexdigest()

    def server_context(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.file, self.key)
        return context


class Authority(Certificate):
    def __init__(self, directory, name="authority"):
        super().__init__(directory, name)
        self.directory = directory
        openssl("req", "-x509", *EC, "-days", 30, "-subj", f"/CN=Test {name}", "-addext",
                "basicConstraints=critical,CA:TRUE", "-keyout", self.key, "-out", self.file)

    def issue(self, name, names="DNS:localhost,IP:127.0.0.1,IP:::1", days=30, subject="server"):
        made = Certificate(self.directory, name)
        request, extensions = made.file.with_suffix(".csr"), made.file.with_suffix(".ext")
        openssl("req", "-new", *EC, "-subj", f"/CN={subject}", "-keyout", made.key, "-out", request)
        extensions.write_text(f"subjectAltName={names}\n")
        openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.key, "-days", days,
                "-CAcreateserial", "-extfile", extensions, "-out", made.file)
        return made.join()


def self_signed(directory, name="alone"):
    made = Certificate(directory, name)
    openssl("req", "-x509", *EC, "-days", 30, "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", made.key, "-out", made.file)
    return made.join()
